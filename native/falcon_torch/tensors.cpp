#include <ATen/ATen.h>

#include <algorithm>
#include <atomic>

#include "error.h"
#include "falcon_torch.h"
#include "handles.h"

namespace {
std::atomic<int64_t> live_count{0};
}

at::Tensor* to_handle(at::Tensor tensor) {
  if (!tensor.defined()) return nullptr;
  live_count++;
  return new at::Tensor(std::move(tensor));
}

int64_t falcon_tensor_live_count() { return live_count; }

void falcon_tensor_free(at::Tensor* tensor) {
  live_count--;
  delete tensor;
}

at::Tensor* falcon_tensor_share(const at::Tensor* tensor) { return to_handle(*tensor); }

int32_t falcon_tensor_dtype(const at::Tensor* tensor) { return static_cast<int32_t>(tensor->scalar_type()); }

void falcon_tensor_device(const at::Tensor* tensor, int32_t* type, int32_t* index) {
  auto device = tensor->device();
  *type = static_cast<int32_t>(device.type());
  *index = device.index();
}

int32_t falcon_tensor_dim(const at::Tensor* tensor) { return static_cast<int32_t>(tensor->dim()); }

bool falcon_tensor_sizes(const at::Tensor* tensor, int64_t* sizes) {
  return guarded([&] { std::copy_n(tensor->sizes().data(), tensor->dim(), sizes); });
}

bool falcon_tensor_strides(const at::Tensor* tensor, int64_t* strides) {
  return guarded([&] { std::copy_n(tensor->strides().data(), tensor->dim(), strides); });
}

int64_t falcon_tensor_numel(const at::Tensor* tensor) { return tensor->numel(); }

int64_t falcon_tensor_element_size(const at::Tensor* tensor) { return static_cast<int64_t>(tensor->element_size()); }

int64_t falcon_tensor_storage_offset(const at::Tensor* tensor) { return tensor->storage_offset(); }

void* falcon_tensor_data(const at::Tensor* tensor) {
  void* data = nullptr;
  guarded([&] { data = tensor->data_ptr(); });
  return data;
}

bool falcon_tensor_is_contiguous(const at::Tensor* tensor) {
  bool contiguous = false;
  guarded([&] { contiguous = tensor->is_contiguous(); });
  return contiguous;
}

bool falcon_tensor_is_sparse(const at::Tensor* tensor) { return tensor->is_sparse(); }

bool falcon_tensor_is_pinned(const at::Tensor* tensor) {
  bool pinned = false;
  guarded([&] { pinned = tensor->is_pinned(); });
  return pinned;
}
