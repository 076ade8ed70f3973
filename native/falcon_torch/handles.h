// Tensors cross the interface as pointers to tensors on the heap, and are counted.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

at::Tensor* to_handle(at::Tensor tensor);  // null for an undefined tensor

inline at::Tensor from_handle(const at::Tensor* handle) { return handle ? *handle : at::Tensor(); }

inline std::vector<at::Tensor> from_handles(at::Tensor* const* handles, int32_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(count);
  for (int32_t i = 0; i < count; i++) tensors.push_back(from_handle(handles[i]));
  return tensors;
}
