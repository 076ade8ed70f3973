#include "falcon_vision.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "silence.h"

namespace {

// OpenCV starts no threads of its own: the callers are already parallel.
void stay_on_this_thread() {
  static const bool done = [] {
    cv::setNumThreads(1);
    return true;
  }();
  (void)done;
}

template <typename Action>
int32_t guarded(char* error, int32_t error_size, Action action) {
  std::string reason;
  try {
    const falcon::Silence silence;
    stay_on_this_thread();
    action();
    return 0;
  } catch (const cv::Exception& e) {
    reason = e.err.empty() ? e.what() : e.err;
  } catch (const std::exception& e) {
    reason = e.what();
  } catch (...) {
    reason = "unknown error";
  }
  if (error != nullptr && error_size > 0) {
    const size_t length = std::min(reason.size(), static_cast<size_t>(error_size - 1));
    std::memcpy(error, reason.data(), length);
    error[length] = 0;
  }
  return 1;
}

}  // namespace

int32_t falcon_vision_decode(const uint8_t* data, int64_t size, int32_t width, int32_t height, uint8_t* pixels, char* error,
                             int32_t error_size) {
  return guarded(error, error_size, [&] {
    const cv::Mat file(1, cv::saturate_cast<int>(size), CV_8UC1, const_cast<uint8_t*>(data));
    const cv::Mat image = cv::imdecode(file, cv::IMREAD_COLOR);
    if (image.empty()) throw std::runtime_error("its content is damaged, cut off or of an unsupported kind");
    if (image.cols != width || image.rows != height) throw std::runtime_error("its size is not the one its header gives");
    cv::Mat rgb(height, width, CV_8UC3, pixels);
    cv::cvtColor(image, rgb, cv::COLOR_BGR2RGB);
  });
}

int32_t falcon_vision_encode(const char* extension, const uint8_t* pixels, int32_t width, int32_t height, int32_t channels, int32_t quality,
                             void (*write)(void* target, const uint8_t* data, int64_t size), void* target, char* error,
                             int32_t error_size) {
  return guarded(error, error_size, [&] {
    const cv::Mat image(height, width, CV_8UC(channels), const_cast<uint8_t*>(pixels));
    cv::Mat stored;
    if (channels == 3) {
      cv::cvtColor(image, stored, cv::COLOR_RGB2BGR);
    } else {
      stored = image;
    }
    std::vector<uint8_t> file;
    if (!cv::imencode(extension, stored, file, {cv::IMWRITE_JPEG_QUALITY, quality}))
      throw std::runtime_error("the image cannot be encoded");
    write(target, file.data(), static_cast<int64_t>(file.size()));
  });
}

int32_t falcon_vision_colour_map(int32_t map, uint8_t* colours, char* error, int32_t error_size) {
  return guarded(error, error_size, [&] {
    cv::Mat ramp(1, 256, CV_8UC1), bgr;
    for (int i = 0; i < 256; i++) ramp.at<uint8_t>(0, i) = static_cast<uint8_t>(i);
    cv::applyColorMap(ramp, bgr, map);
    cv::Mat rgb(1, 256, CV_8UC3, colours);
    cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
  });
}
