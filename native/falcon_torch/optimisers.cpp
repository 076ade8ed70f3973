// The step of Adam in one pass over memory. As separate operators it takes about eight passes, which is what it costs.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "error.h"
#include "falcon_torch.h"

namespace {

struct Chunk {
  float* parameter;
  const float* gradient;
  float* mean;
  float* square;
  float* max_square;  // null without AMSGrad
  int64_t count;
};

struct Factors {
  float sign, decay, shrink, beta1, one_minus_beta1, beta2, one_minus_beta2, root_correction2, epsilon, step_size;
};

constexpr int64_t kChunk = 1 << 14;

template <bool amsgrad>
inline __attribute__((always_inline)) void update_elements(const Chunk& chunk, const Factors& f) {
  float* __restrict parameter = chunk.parameter;
  const float* __restrict gradient = chunk.gradient;
  float* __restrict mean = chunk.mean;
  float* __restrict square = chunk.square;
  float* __restrict max_square = chunk.max_square;
  for (int64_t i = 0; i < chunk.count; i++) {
    const float p = parameter[i] * f.shrink;
    const float g = f.sign * gradient[i] + f.decay * p;
    const float m = mean[i] * f.beta1 + f.one_minus_beta1 * g;
    float v = square[i] * f.beta2 + f.one_minus_beta2 * g * g;
    mean[i] = m;
    square[i] = v;
    if (amsgrad) max_square[i] = v = std::max(max_square[i], v);
    parameter[i] = p - f.step_size * m / (std::sqrt(v) / f.root_correction2 + f.epsilon);
  }
}

// This file is compiled without contraction to fused multiply-adds, so that every vector width gives the same bits.
#ifdef __x86_64__
#define EVERY_VECTOR_WIDTH __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define EVERY_VECTOR_WIDTH
#endif

EVERY_VECTOR_WIDTH void update(const Chunk& chunk, const Factors& f) { update_elements<false>(chunk, f); }

EVERY_VECTOR_WIDTH void update_amsgrad(const Chunk& chunk, const Factors& f) { update_elements<true>(chunk, f); }

// Element i of one lies at the same place as element i of the other, and there is nothing in between.
bool laid_out_alike(const at::Tensor& tensor, const at::Tensor& parameter) {
  return tensor.device().is_cpu() && tensor.scalar_type() == at::kFloat && tensor.layout() == at::kStrided &&
         tensor.is_non_overlapping_and_dense() && tensor.sizes() == parameter.sizes() && tensor.strides() == parameter.strides();
}

}  // namespace

bool falcon_adam_step(at::Tensor* const* parameters, at::Tensor* const* gradients, at::Tensor* const* means, at::Tensor* const* squares,
                      at::Tensor* const* max_squares, int32_t count, const AdamStep* step, bool* done) {
  *done = false;
  return guarded([&] {
    std::vector<Chunk> chunks;
    for (int32_t i = 0; i < count; i++) {
      const auto& parameter = *parameters[i];
      for (const auto* tensor : {parameters[i], gradients[i], means[i], squares[i], max_squares ? max_squares[i] : parameters[i]}) {
        if (!laid_out_alike(*tensor, parameter)) return;
      }
      const auto elements = parameter.numel();
      auto* max_square = max_squares ? max_squares[i]->data_ptr<float>() : nullptr;
      for (int64_t start = 0; start < elements; start += kChunk) {
        chunks.push_back({parameter.data_ptr<float>() + start, gradients[i]->data_ptr<float>() + start, means[i]->data_ptr<float>() + start,
                          squares[i]->data_ptr<float>() + start, max_square ? max_square + start : nullptr,
                          std::min(kChunk, elements - start)});
      }
    }
    const double correction1 = 1 - std::pow(step->beta1, static_cast<double>(step->number));
    const double correction2 = 1 - std::pow(step->beta2, static_cast<double>(step->number));
    const Factors factors{step->maximize ? -1.0f : 1.0f,
                          step->decoupled ? 0.0f : static_cast<float>(step->weight_decay),
                          step->decoupled ? static_cast<float>(1 - step->rate * step->weight_decay) : 1.0f,
                          static_cast<float>(step->beta1),
                          static_cast<float>(1 - step->beta1),
                          static_cast<float>(step->beta2),
                          static_cast<float>(1 - step->beta2),
                          static_cast<float>(std::sqrt(correction2)),
                          static_cast<float>(step->epsilon),
                          static_cast<float>(step->rate / correction1)};
    at::internal::lazy_init_num_threads();
    at::parallel_for(0, static_cast<int64_t>(chunks.size()), 4, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        if (chunks[i].max_square) {
          update_amsgrad(chunks[i], factors);
        } else {
          update(chunks[i], factors);
        }
      }
    });
    *done = true;
  });
}
