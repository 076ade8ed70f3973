#include "error.h"

#include <string>

#include "falcon_torch.h"

namespace {
thread_local std::string last_error;
}

void set_last_error(const char* message) { last_error = message; }

const char* falcon_last_error() { return last_error.c_str(); }
