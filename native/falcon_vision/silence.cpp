#include "silence.h"

#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <streambuf>

namespace {

thread_local int silences = 0;

// In front of std::cerr's own buffer.
class Filter : public std::streambuf {
 public:
  explicit Filter(std::streambuf* target) : target_(target) {}

 protected:
  int_type overflow(int_type c) override {
    if (silences > 0 || traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
    return target_->sputc(traits_type::to_char_type(c));
  }
  std::streamsize xsputn(const char* text, std::streamsize size) override { return silences > 0 ? size : target_->sputn(text, size); }
  int sync() override { return silences > 0 ? 0 : target_->pubsync(); }

 private:
  std::streambuf* target_;
};

#ifdef __GLIBC__
ssize_t write_unless_silent(void*, const char* text, size_t size) {
  return silences > 0 ? static_cast<ssize_t>(size) : write(STDERR_FILENO, text, size);
}
#endif

// Both filters stay until the process ends, since others may write to its very end.
void install() {
  static const bool installed = [] {
    std::cerr.rdbuf(new Filter(std::cerr.rdbuf()));
#ifdef __GLIBC__
    cookie_io_functions_t functions = {};
    functions.write = write_unless_silent;
    if (FILE* filtered = fopencookie(nullptr, "w", functions)) {
      setvbuf(filtered, nullptr, _IONBF, 0);
      stderr = filtered;
    }
#endif
    return true;
  }();
  (void)installed;
}

}  // namespace

namespace falcon {

Silence::Silence() {
  install();
  silences++;
}

Silence::~Silence() { silences--; }

}  // namespace falcon
