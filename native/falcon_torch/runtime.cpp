#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/Stream.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/version.h>

#include <mutex>

#include "error.h"
#include "falcon_torch.h"
#include "handles.h"

const char* falcon_libtorch_version() { return TORCH_VERSION; }

int32_t falcon_threads() { return at::get_num_threads(); }

bool falcon_set_threads(int32_t count) {
  return guarded([&] { at::set_num_threads(count); });
}

int32_t falcon_interop_threads() { return at::get_num_interop_threads(); }

bool falcon_set_interop_threads(int32_t count) {
  return guarded([&] { at::set_num_interop_threads(count); });
}

int32_t falcon_cuda_device_count() {
  int32_t count = 0;
  guarded([&] {
    if (c10::impl::hasDeviceGuardImpl(c10::DeviceType::CUDA)) count = c10::impl::getDeviceGuardImpl(c10::DeviceType::CUDA)->deviceCount();
  });
  return count;
}

bool falcon_cuda_synchronize(int32_t index) {
  return guarded([&] {
    TORCH_CHECK(c10::impl::hasDeviceGuardImpl(c10::DeviceType::CUDA), "this libtorch was built without CUDA");
    const auto* cuda = c10::impl::getDeviceGuardImpl(c10::DeviceType::CUDA);
    auto device = index < 0 ? cuda->getDevice() : c10::Device(c10::DeviceType::CUDA, static_cast<c10::DeviceIndex>(index));
    cuda->getStream(device).synchronize();
  });
}

bool falcon_tf32(bool cudnn) { return cudnn ? at::globalContext().allowTF32CuDNN() : at::globalContext().allowTF32CuBLAS(); }

void falcon_set_tf32(bool cudnn, bool allowed) {
  if (cudnn) {
    at::globalContext().setAllowTF32CuDNN(allowed);
  } else {
    at::globalContext().setAllowTF32CuBLAS(allowed);
  }
}

bool falcon_deterministic() { return at::globalContext().deterministicAlgorithms(); }

void falcon_set_deterministic(bool enabled, bool warn_only) { at::globalContext().setDeterministicAlgorithms(enabled, warn_only); }

bool falcon_manual_seed(uint64_t seed) {
  return guarded([&] { at::manual_seed(seed); });
}

at::Generator* falcon_generator_create(uint64_t seed, int32_t device_type, int32_t device_index) {
  at::Generator* created = nullptr;
  guarded([&] {
    auto device = c10::Device(static_cast<c10::DeviceType>(device_type), static_cast<c10::DeviceIndex>(device_index));
    if (device.is_cpu()) {
      created = new at::Generator(at::make_generator<at::CPUGeneratorImpl>(seed));
    } else {
      created = new at::Generator(at::globalContext().defaultGenerator(device).clone());
      created->set_current_seed(seed);
    }
  });
  return created;
}

at::Generator* falcon_generator_default() {
  at::Generator* generator = nullptr;
  guarded([&] { generator = new at::Generator(at::globalContext().defaultGenerator(at::kCPU)); });
  return generator;
}

void falcon_generator_free(at::Generator* generator) { delete generator; }

uint64_t falcon_generator_initial_seed(const at::Generator* generator) { return generator->current_seed(); }

uint64_t falcon_generator_seed(at::Generator* generator) {
  std::lock_guard<std::mutex> lock(generator->mutex());
  return generator->seed();
}

void falcon_generator_set_seed(at::Generator* generator, uint64_t seed) {
  std::lock_guard<std::mutex> lock(generator->mutex());
  generator->set_current_seed(seed);
}

at::Tensor* falcon_generator_state(const at::Generator* generator) {
  at::Tensor* state = nullptr;
  guarded([&] { state = to_handle(generator->get_state()); });
  return state;
}

bool falcon_generator_set_state(at::Generator* generator, const at::Tensor* state) {
  return guarded([&] { generator->set_state(*state); });
}
