// No C++ exception may cross into .NET: every function that can fail runs its body through guarded().
#pragma once

#include <c10/util/Exception.h>

#include <exception>

void set_last_error(const char* message);

template <typename Body>
bool guarded(Body body) {
  try {
    body();
    return true;
  } catch (const c10::Error& error) {
    set_last_error(error.what_without_backtrace());
  } catch (const std::exception& error) {
    set_last_error(error.what());
  } catch (...) {
    set_last_error("an unknown native error");
  }
  return false;
}
