// The C interface of Falcon to libtorch. Operators are called by their dispatcher name ("conv2d", "add.Tensor"), so one function serves
// them all; what the dispatcher does not know (gradients, generators, threads, tensor properties) has functions of its own.
//
// Functions that can fail return false (or null) and leave a message for falcon_last_error. Tensors, generators and lists that are handed
// out belong to the caller.
#pragma once

#include <cstdint>

#define FALCON_API extern "C" __attribute__((visibility("default")))

namespace at {
class Tensor;
struct Generator;
}  // namespace at

namespace c10 {
class OperatorHandle;
}  // namespace c10

enum class ValueKind : int32_t { None, Tensor, Int, Double, Bool, IntList, DoubleList, TensorList, String, Device, Generator };

// An argument or a result of an operator. `count` is the length of a list or string, or the index of a device.
struct Value {
  ValueKind kind;
  int32_t count;
  union {
    int64_t integer;  // Int, Bool, and the type of a Device
    double number;
    at::Tensor* tensor;
    at::Generator* generator;
    const int64_t* integers;
    const double* numbers;
    at::Tensor** tensors;  // an entry may be null: no tensor at this place
    const char* text;
  };
};

// dispatcher.cpp
FALCON_API const c10::OperatorHandle* falcon_find(const char* name);
FALCON_API bool falcon_call(const c10::OperatorHandle* op, const Value* arguments, int32_t argument_count, Value* results, int32_t capacity,
                            int32_t* result_count);
FALCON_API void falcon_list_free(at::Tensor** tensors);

// error.cpp
FALCON_API const char* falcon_last_error();

// tensors.cpp
FALCON_API int64_t falcon_tensor_live_count();
FALCON_API void falcon_tensor_free(at::Tensor* tensor);
FALCON_API at::Tensor* falcon_tensor_share(const at::Tensor* tensor);
FALCON_API int32_t falcon_tensor_dtype(const at::Tensor* tensor);
FALCON_API void falcon_tensor_device(const at::Tensor* tensor, int32_t* type, int32_t* index);
FALCON_API int32_t falcon_tensor_dim(const at::Tensor* tensor);
FALCON_API bool falcon_tensor_sizes(const at::Tensor* tensor, int64_t* sizes);
FALCON_API bool falcon_tensor_strides(const at::Tensor* tensor, int64_t* strides);
FALCON_API int64_t falcon_tensor_numel(const at::Tensor* tensor);
FALCON_API int64_t falcon_tensor_element_size(const at::Tensor* tensor);
FALCON_API int64_t falcon_tensor_storage_offset(const at::Tensor* tensor);
FALCON_API void* falcon_tensor_data(const at::Tensor* tensor);
FALCON_API bool falcon_tensor_is_contiguous(const at::Tensor* tensor);
FALCON_API bool falcon_tensor_is_sparse(const at::Tensor* tensor);
FALCON_API bool falcon_tensor_is_pinned(const at::Tensor* tensor);

// autograd.cpp
FALCON_API bool falcon_tensor_is_leaf(const at::Tensor* tensor);
FALCON_API bool falcon_tensor_requires_grad(const at::Tensor* tensor);
FALCON_API bool falcon_tensor_set_requires_grad(at::Tensor* tensor, bool requires_grad);
FALCON_API at::Tensor* falcon_tensor_grad(const at::Tensor* tensor);  // null: none
FALCON_API bool falcon_tensor_set_grad(at::Tensor* tensor, const at::Tensor* grad);
FALCON_API bool falcon_tensor_retain_grad(const at::Tensor* tensor);
FALCON_API bool falcon_backward(at::Tensor* const* outputs, at::Tensor* const* grad_outputs, int32_t output_count,
                                at::Tensor* const* inputs, int32_t input_count, bool retain_graph, bool create_graph);
FALCON_API bool falcon_grad(at::Tensor* const* outputs, at::Tensor* const* grad_outputs, int32_t output_count, at::Tensor* const* inputs,
                            int32_t input_count, bool retain_graph, bool create_graph, bool allow_unused, at::Tensor** grads);
FALCON_API bool falcon_grad_enabled();
FALCON_API void falcon_set_grad_enabled(bool enabled);
FALCON_API void* falcon_inference_enter(bool enabled);
FALCON_API void falcon_inference_leave(void* guard);
FALCON_API bool falcon_inference_enabled();

// optimisers.cpp
struct AdamStep {
  double rate, beta1, beta2, epsilon, weight_decay;
  int64_t number;  // from 1
  bool decoupled;  // weight decay shrinks the parameters (AdamW) instead of adding to the gradient
  bool maximize;
};

// One step over all parameters. `max_squares` is null without AMSGrad. `done` is false, and nothing was changed, unless all tensors are
// float32 on the CPU with the same memory layout.
FALCON_API bool falcon_adam_step(at::Tensor* const* parameters, at::Tensor* const* gradients, at::Tensor* const* means,
                                 at::Tensor* const* squares, at::Tensor* const* max_squares, int32_t count, const AdamStep* step,
                                 bool* done);

// runtime.cpp
FALCON_API const char* falcon_libtorch_version();
FALCON_API int32_t falcon_threads();
FALCON_API bool falcon_set_threads(int32_t count);
FALCON_API int32_t falcon_interop_threads();
FALCON_API bool falcon_set_interop_threads(int32_t count);
FALCON_API int32_t falcon_cuda_device_count();
FALCON_API bool falcon_cuda_synchronize(int32_t index);
FALCON_API bool falcon_tf32(bool cudnn);
FALCON_API void falcon_set_tf32(bool cudnn, bool allowed);
FALCON_API bool falcon_deterministic();
FALCON_API void falcon_set_deterministic(bool enabled, bool warn_only);
FALCON_API bool falcon_manual_seed(uint64_t seed);
FALCON_API at::Generator* falcon_generator_create(uint64_t seed, int32_t device_type, int32_t device_index);
FALCON_API at::Generator* falcon_generator_default();
FALCON_API void falcon_generator_free(at::Generator* generator);
FALCON_API uint64_t falcon_generator_initial_seed(const at::Generator* generator);
FALCON_API uint64_t falcon_generator_seed(at::Generator* generator);
FALCON_API void falcon_generator_set_seed(at::Generator* generator, uint64_t seed);
FALCON_API at::Tensor* falcon_generator_state(const at::Generator* generator);
FALCON_API bool falcon_generator_set_state(at::Generator* generator, const at::Tensor* state);
