#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>

#include "error.h"
#include "falcon_torch.h"
#include "handles.h"

bool falcon_tensor_is_leaf(const at::Tensor* tensor) { return tensor->is_leaf(); }

bool falcon_tensor_requires_grad(const at::Tensor* tensor) { return tensor->requires_grad(); }

bool falcon_tensor_set_requires_grad(at::Tensor* tensor, bool requires_grad) {
  return guarded([&] {
    TORCH_CHECK(tensor->is_leaf() || requires_grad,
                "you can only change requires_grad flags of leaf variables; use detach() to cut a tensor from its graph");
    tensor->set_requires_grad(requires_grad);
  });
}

at::Tensor* falcon_tensor_grad(const at::Tensor* tensor) { return to_handle(tensor->grad()); }

bool falcon_tensor_set_grad(at::Tensor* tensor, const at::Tensor* grad) {
  return guarded([&] { tensor->mutable_grad() = from_handle(grad); });
}

bool falcon_tensor_retain_grad(const at::Tensor* tensor) {
  return guarded([&] { tensor->retain_grad(); });
}

bool falcon_backward(at::Tensor* const* outputs, at::Tensor* const* grad_outputs, int32_t output_count, at::Tensor* const* inputs,
                     int32_t input_count, bool retain_graph, bool create_graph) {
  return guarded([&] {
    at::internal::lazy_init_num_threads();
    auto gradients = grad_outputs ? from_handles(grad_outputs, output_count) : std::vector<at::Tensor>();
    torch::autograd::backward(from_handles(outputs, output_count), gradients, retain_graph, create_graph,
                              from_handles(inputs, input_count));
  });
}

bool falcon_grad(at::Tensor* const* outputs, at::Tensor* const* grad_outputs, int32_t output_count, at::Tensor* const* inputs,
                 int32_t input_count, bool retain_graph, bool create_graph, bool allow_unused, at::Tensor** grads) {
  return guarded([&] {
    at::internal::lazy_init_num_threads();
    auto gradients = grad_outputs ? from_handles(grad_outputs, output_count) : std::vector<at::Tensor>();
    auto result = torch::autograd::grad(from_handles(outputs, output_count), from_handles(inputs, input_count), gradients, retain_graph,
                                        create_graph, allow_unused);
    for (int32_t i = 0; i < input_count; i++) grads[i] = to_handle(result[i]);
  });
}

bool falcon_grad_enabled() { return c10::GradMode::is_enabled(); }

void falcon_set_grad_enabled(bool enabled) { c10::GradMode::set_enabled(enabled); }

void* falcon_inference_enter(bool enabled) { return new c10::InferenceMode(enabled); }

void falcon_inference_leave(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

bool falcon_inference_enabled() { return c10::InferenceMode::is_enabled(); }
