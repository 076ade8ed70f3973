#include <ATen/Parallel.h>
#include <ATen/core/Generator.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>
#include <ATen/core/stack.h>

#include <string>

#include "error.h"
#include "falcon_torch.h"
#include "handles.h"

namespace {

using c10::IValue;
using c10::TypeKind;

[[noreturn]] void refuse(const c10::Argument& argument) {
  TORCH_CHECK(false, "argument '", argument.name(), "' must be ", argument.type()->str());
}

// The value of an argument that the caller left out.
IValue missing(const c10::Argument& argument) {
  if (argument.default_value()) return *argument.default_value();
  switch (argument.type()->kind()) {
    case TypeKind::OptionalType:
    case TypeKind::NoneType:
      return IValue();
    case TypeKind::TensorType:
      return IValue(at::Tensor());
    default:
      TORCH_CHECK(false, "argument '", argument.name(), "' is missing");
  }
}

IValue to_int_list(const Value& value, const c10::Argument& argument) {
  c10::List<int64_t> list;
  if (value.kind == ValueKind::Int) {
    list.resize(argument.N() ? *argument.N() : 1, value.integer);
  } else if (value.kind == ValueKind::IntList) {
    list.reserve(value.count);
    for (int32_t i = 0; i < value.count; i++) list.push_back(value.integers[i]);
  } else {
    refuse(argument);
  }
  return list;
}

IValue to_double_list(const Value& value, const c10::Argument& argument) {
  c10::List<double> list;
  if (value.kind == ValueKind::DoubleList) {
    for (int32_t i = 0; i < value.count; i++) list.push_back(value.numbers[i]);
  } else if (value.kind == ValueKind::IntList) {
    for (int32_t i = 0; i < value.count; i++) list.push_back(static_cast<double>(value.integers[i]));
  } else {
    refuse(argument);
  }
  return list;
}

IValue to_bool_list(const Value& value, const c10::Argument& argument) {
  if (value.kind != ValueKind::IntList) refuse(argument);
  c10::List<bool> list;
  for (int32_t i = 0; i < value.count; i++) list.push_back(value.integers[i] != 0);
  return list;
}

IValue to_tensor_list(const Value& value, const c10::TypePtr& element, const c10::Argument& argument) {
  if (value.kind != ValueKind::TensorList) refuse(argument);
  if (element->kind() == TypeKind::TensorType) {
    c10::List<at::Tensor> list;
    list.reserve(value.count);
    for (int32_t i = 0; i < value.count; i++) list.push_back(from_handle(value.tensors[i]));
    return list;
  }
  c10::impl::GenericList list(c10::OptionalType::ofTensor());
  list.reserve(value.count);
  for (int32_t i = 0; i < value.count; i++) list.push_back(value.tensors[i] ? IValue(*value.tensors[i]) : IValue());
  return list;
}

IValue to_list(const Value& value, const c10::TypePtr& element, const c10::Argument& argument) {
  switch (element->kind()) {
    case TypeKind::IntType:
    case TypeKind::SymIntType:
      return to_int_list(value, argument);
    case TypeKind::FloatType:
      return to_double_list(value, argument);
    case TypeKind::BoolType:
      return to_bool_list(value, argument);
    default:
      return to_tensor_list(value, element, argument);
  }
}

IValue to_double(const Value& value, const c10::Argument& argument) {
  switch (value.kind) {
    case ValueKind::Double:
      return value.number;
    case ValueKind::Int:
    case ValueKind::Bool:
      return static_cast<double>(value.integer);
    default:
      refuse(argument);
  }
}

IValue to_scalar(const Value& value, const c10::Argument& argument) {
  switch (value.kind) {
    case ValueKind::Double:
      return value.number;
    case ValueKind::Int:
      return value.integer;
    case ValueKind::Bool:
      return value.integer != 0;
    default:
      refuse(argument);
  }
}

// A .NET value as the operator's schema wants it: integers become floating-point numbers, a single integer becomes a list of it.
IValue to_ivalue(const Value& value, const c10::Argument& argument) {
  if (value.kind == ValueKind::None) return missing(argument);
  auto type = argument.type();
  if (type->kind() == TypeKind::OptionalType) type = type->expectRef<c10::OptionalType>().getElementType();
  switch (type->kind()) {
    case TypeKind::TensorType:
      if (value.kind != ValueKind::Tensor) refuse(argument);
      return *value.tensor;
    case TypeKind::NumberType:
      return to_scalar(value, argument);
    case TypeKind::FloatType:
      return to_double(value, argument);
    case TypeKind::IntType:
    case TypeKind::SymIntType:
      if (value.kind != ValueKind::Int) refuse(argument);
      return value.integer;
    case TypeKind::BoolType:
      if (value.kind != ValueKind::Bool) refuse(argument);
      return value.integer != 0;
    case TypeKind::StringType:
      if (value.kind != ValueKind::String) refuse(argument);
      return std::string(value.text, value.count);
    case TypeKind::DeviceObjType:
      if (value.kind != ValueKind::Device) refuse(argument);
      return c10::Device(static_cast<c10::DeviceType>(value.integer), static_cast<c10::DeviceIndex>(value.count));
    case TypeKind::GeneratorType:
      if (value.kind != ValueKind::Generator) refuse(argument);
      return *value.generator;
    case TypeKind::ListType:
      return to_list(value, type->expectRef<c10::ListType>().getElementType(), argument);
    default:
      refuse(argument);
  }
}

Value from_list(const std::vector<at::Tensor>& tensors) {
  Value value{ValueKind::TensorList, static_cast<int32_t>(tensors.size()), {}};
  value.tensors = new at::Tensor*[tensors.size()];
  for (size_t i = 0; i < tensors.size(); i++) value.tensors[i] = to_handle(tensors[i]);
  return value;
}

Value from_ivalue(IValue&& result) {
  Value value{ValueKind::None, 0, {}};
  if (result.isTensor()) {
    value.tensor = to_handle(std::move(result).toTensor());
    if (value.tensor) value.kind = ValueKind::Tensor;
  } else if (result.isInt()) {
    value.kind = ValueKind::Int;
    value.integer = result.toInt();
  } else if (result.isDouble()) {
    value.kind = ValueKind::Double;
    value.number = result.toDouble();
  } else if (result.isBool()) {
    value.kind = ValueKind::Bool;
    value.integer = result.toBool();
  } else if (result.isTensorList()) {
    value = from_list(result.toTensorVector());
  } else {
    TORCH_CHECK(result.isNone(), "a result of type ", result.tagKind(), " is not supported");
  }
  return value;
}

}  // namespace

const c10::OperatorHandle* falcon_find(const char* name) {
  const c10::OperatorHandle* found = nullptr;
  guarded([&] {
    std::string base = std::string("aten::") + name, overload;
    if (auto dot = base.find('.'); dot != std::string::npos) {
      overload = base.substr(dot + 1);
      base.resize(dot);
    }
    auto handle = c10::Dispatcher::singleton().findSchema({base, overload});
    TORCH_CHECK(handle, "this libtorch has no operator '", name, "'");
    found = new c10::OperatorHandle(*handle);  // kept by the caller for the life of the process
  });
  return found;
}

bool falcon_call(const c10::OperatorHandle* op, const Value* arguments, int32_t argument_count, Value* results, int32_t capacity,
                 int32_t* result_count) {
  return guarded([&] {
    at::internal::lazy_init_num_threads();
    const auto& expected = op->schema().arguments();
    TORCH_CHECK(static_cast<size_t>(argument_count) <= expected.size(), "too many arguments for ", op->schema().name());
    torch::jit::Stack stack;
    stack.reserve(expected.size());
    for (size_t i = 0; i < expected.size(); i++) {
      stack.push_back(i < static_cast<size_t>(argument_count) ? to_ivalue(arguments[i], expected[i]) : missing(expected[i]));
    }
    op->callBoxed(stack);
    TORCH_CHECK(stack.size() <= static_cast<size_t>(capacity), "too many results from ", op->schema().name());
    *result_count = static_cast<int32_t>(stack.size());
    for (size_t i = 0; i < stack.size(); i++) results[i] = from_ivalue(std::move(stack[i]));
  });
}

void falcon_list_free(at::Tensor** tensors) { delete[] tensors; }
