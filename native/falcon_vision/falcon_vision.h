// The C interface of libfalcon_vision: JPEG by libjpeg. Every function may be called from several threads at once and prints nothing.
// Each returns 0 on success; 1 when the data end too early; 2 for any other failure, with the reason in `error` (zero-terminated, at
// most FALCON_VISION_ERROR_SIZE bytes).
#pragma once
#include <cstdint>

#define FALCON_VISION_API extern "C" __attribute__((visibility("default")))
#define FALCON_VISION_ERROR_SIZE 256

// Decodes the JPEG file of `size` bytes at `data` into `pixels`: width*height*channels bytes, interleaved, rows top to bottom, as stored
// (the EXIF orientation is not applied). Three channels are RGB; four are CMYK with 0 for no ink, which only CMYK and YCCK files have.
// Fails when the image is not width x height, and when its data are damaged in a way that changes pixels.
FALCON_VISION_API int32_t falcon_vision_decode_jpeg(const uint8_t* data, int64_t size, int32_t width, int32_t height, int32_t channels,
                                                    uint8_t* pixels, char* error);

// Encodes interleaved RGB (channels 3) or gray (channels 1) pixels with a quality of 1..100 and hands the file's bytes to `write`
// once, before returning.
FALCON_VISION_API int32_t falcon_vision_encode_jpeg(const uint8_t* pixels, int32_t width, int32_t height, int32_t channels,
                                                    int32_t quality, void (*write)(void* target, const uint8_t* data, int64_t size),
                                                    void* target, char* error);
