// The C interface of libfalcon_vision: image files and colour tables by OpenCV. Every function may be called from several threads at once
// and prints nothing. Functions that can fail return 0 on success; otherwise 1, with the reason in `error` (zero-terminated, cut at
// `error_size` bytes).
#pragma once
#include <cstdint>

#define FALCON_VISION_API extern "C" __attribute__((visibility("default")))

// Decodes the image file of `size` bytes at `data` into `pixels`: width*height*3 bytes, RGB interleaved, rows top to bottom, turned upright
// by its orientation tag. 16-bit samples lose their low byte; alpha is dropped. Fails when the upright image is not width x height.
FALCON_VISION_API int32_t falcon_vision_decode(const uint8_t* data, int64_t size, int32_t width, int32_t height, uint8_t* pixels,
                                               char* error, int32_t error_size);

// Encodes interleaved RGB (channels 3) or gray (channels 1) pixels and hands the file's bytes to `write` once, before returning.
// `extension` names the format (".png", ".jpg"); `quality` is JPEG's 1..100.
FALCON_VISION_API int32_t falcon_vision_encode(const char* extension, const uint8_t* pixels, int32_t width, int32_t height,
                                               int32_t channels, int32_t quality,
                                               void (*write)(void* target, const uint8_t* data, int64_t size), void* target, char* error,
                                               int32_t error_size);

// Fills `colours` (256 RGB triples) with OpenCV's colour map number `map` (cv::ColormapTypes).
FALCON_VISION_API int32_t falcon_vision_colour_map(int32_t map, uint8_t* colours, char* error, int32_t error_size);
