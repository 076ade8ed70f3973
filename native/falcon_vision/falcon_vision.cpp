#include "falcon_vision.h"

#include <csetjmp>
#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

#include <jerror.h>

namespace {

enum Status : int32_t { kDone = 0, kTruncated = 1, kFailed = 2 };

// libjpeg reports through this structure and leaves a failed call by longjmp.
struct Errors {
  jpeg_error_mgr manager;
  std::jmp_buf escape;
  Status status;
  char* text;
};

static_assert(FALCON_VISION_ERROR_SIZE >= JMSG_LENGTH_MAX, "libjpeg's messages must fit");

Errors& errors_of(j_common_ptr codec) { return *reinterpret_cast<Errors*>(codec->err); }

[[noreturn]] void fail(j_common_ptr codec) {
  Errors& errors = errors_of(codec);
  errors.manager.format_message(codec, errors.text);
  std::longjmp(errors.escape, 1);
}

// Warnings that mean lost pixels are failures; the others (stray bytes between segments, odd versions) are harmless.
void on_message(j_common_ptr codec, int level) {
  if (level >= 0) return;
  switch (codec->err->msg_code) {
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_BOGUS_PROGRESSION:
      fail(codec);
  }
}

void no_output(j_common_ptr) {}

jpeg_error_mgr* report_to(Errors& errors, char* text) {
  jpeg_std_error(&errors.manager);
  errors.manager.error_exit = fail;
  errors.manager.emit_message = on_message;
  errors.manager.output_message = no_output;
  errors.status = kFailed;
  errors.text = text;
  return &errors.manager;
}

boolean on_end_of_data(j_decompress_ptr codec) {
  errors_of(reinterpret_cast<j_common_ptr>(codec)).status = kTruncated;
  codec->err->msg_code = JERR_INPUT_EOF;
  fail(reinterpret_cast<j_common_ptr>(codec));
}

void skip(j_decompress_ptr codec, long count) {
  if (count <= 0) return;
  if (static_cast<size_t>(count) > codec->src->bytes_in_buffer) on_end_of_data(codec);
  codec->src->next_input_byte += count;
  codec->src->bytes_in_buffer -= count;
}

void nothing(j_decompress_ptr) {}

// The functions that call setjmp hold no state of their own: what a longjmp must not lose lives with their callers.
Status decode(jpeg_decompress_struct& codec, Errors& errors, jpeg_source_mgr& source, int32_t width, int32_t height, int32_t channels,
              uint8_t* pixels) {
  if (setjmp(errors.escape)) return errors.status;
  jpeg_create_decompress(&codec);
  codec.src = &source;
  jpeg_read_header(&codec, TRUE);
  if (codec.image_width != static_cast<JDIMENSION>(width) || codec.image_height != static_cast<JDIMENSION>(height)) {
    std::snprintf(errors.text, FALCON_VISION_ERROR_SIZE, "The image is not %dx%d", width, height);
    return kFailed;
  }
  codec.out_color_space = channels == 4 ? JCS_CMYK : JCS_RGB;
  jpeg_start_decompress(&codec);
  const size_t stride = static_cast<size_t>(width) * channels;
  while (codec.output_scanline < codec.output_height) {
    JSAMPROW row = pixels + codec.output_scanline * stride;
    jpeg_read_scanlines(&codec, &row, 1);
  }
  // Adobe's files store ink inverted.
  if (channels == 4 && codec.saw_Adobe_marker) {
    for (size_t i = 0; i < height * stride; i++) pixels[i] = static_cast<uint8_t>(~pixels[i]);
  }
  jpeg_finish_decompress(&codec);
  return kDone;
}

struct JpegFile {
  unsigned char* data = nullptr;
  unsigned long size = 0;
};

Status encode(jpeg_compress_struct& codec, Errors& errors, JpegFile& file, const uint8_t* pixels, int32_t width, int32_t height,
              int32_t channels, int32_t quality) {
  if (setjmp(errors.escape)) return errors.status;
  jpeg_create_compress(&codec);
  jpeg_mem_dest(&codec, &file.data, &file.size);
  codec.image_width = width;
  codec.image_height = height;
  codec.input_components = channels;
  codec.in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, quality, TRUE);
  jpeg_start_compress(&codec, TRUE);
  while (codec.next_scanline < codec.image_height) {
    JSAMPROW row = const_cast<JSAMPROW>(pixels + static_cast<size_t>(codec.next_scanline) * width * channels);
    jpeg_write_scanlines(&codec, &row, 1);
  }
  jpeg_finish_compress(&codec);
  return kDone;
}

}  // namespace

int32_t falcon_vision_decode_jpeg(const uint8_t* data, int64_t size, int32_t width, int32_t height, int32_t channels, uint8_t* pixels,
                                  char* error) {
  jpeg_decompress_struct codec = {};
  jpeg_source_mgr source = {data, static_cast<size_t>(size), nothing, on_end_of_data, skip, jpeg_resync_to_restart, nothing};
  Errors errors;
  codec.err = report_to(errors, error);
  const Status status = decode(codec, errors, source, width, height, channels, pixels);
  jpeg_destroy_decompress(&codec);
  return status;
}

int32_t falcon_vision_encode_jpeg(const uint8_t* pixels, int32_t width, int32_t height, int32_t channels, int32_t quality,
                                  void (*write)(void* target, const uint8_t* data, int64_t size), void* target, char* error) {
  jpeg_compress_struct codec = {};
  JpegFile file;
  Errors errors;
  codec.err = report_to(errors, error);
  const Status status = encode(codec, errors, file, pixels, width, height, channels, quality);
  if (status == kDone) write(target, file.data, static_cast<int64_t>(file.size));
  jpeg_destroy_compress(&codec);
  std::free(file.data);
  return status;
}
