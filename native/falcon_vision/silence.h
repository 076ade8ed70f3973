#pragma once

namespace falcon {

// While one lives, nothing that its thread writes through C's stderr or C++'s std::cerr comes out; other threads are not affected.
// The codecs under OpenCV report damage there and cannot be told not to; Falcon reports it as an error that names the file.
class Silence {
 public:
  Silence();
  ~Silence();
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;
};

}  // namespace falcon
