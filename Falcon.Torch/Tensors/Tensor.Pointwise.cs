using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor abs(Tensor input) => input.abs();

    public static Tensor acos(Tensor input) => input.acos();

    public static Tensor acosh(Tensor input) => input.acosh();

    public static Tensor asin(Tensor input) => input.asin();

    public static Tensor asinh(Tensor input) => input.asinh();

    public static Tensor atan(Tensor input) => input.atan();

    public static Tensor atanh(Tensor input) => input.atanh();

    public static Tensor ceil(Tensor input) => input.ceil();

    public static Tensor cos(Tensor input) => input.cos();

    public static Tensor cosh(Tensor input) => input.cosh();

    public static Tensor erf(Tensor input) => input.erf();

    public static Tensor erfc(Tensor input) => input.erfc();

    public static Tensor erfinv(Tensor input) => input.erfinv();

    public static Tensor exp(Tensor input) => input.exp();

    public static Tensor exp2(Tensor input) => input.exp2();

    public static Tensor expm1(Tensor input) => input.expm1();

    public static Tensor floor(Tensor input) => input.floor();

    public static Tensor frac(Tensor input) => input.frac();

    public static Tensor lgamma(Tensor input) => input.lgamma();

    public static Tensor log(Tensor input) => input.log();

    public static Tensor log10(Tensor input) => input.log10();

    public static Tensor log1p(Tensor input) => input.log1p();

    public static Tensor log2(Tensor input) => input.log2();

    public static Tensor neg(Tensor input) => input.neg();

    public static Tensor reciprocal(Tensor input) => input.reciprocal();

    public static Tensor rsqrt(Tensor input) => input.rsqrt();

    public static Tensor sgn(Tensor input) => input.sgn();

    public static Tensor sigmoid(Tensor input) => input.sigmoid();

    public static Tensor sign(Tensor input) => input.sign();

    public static Tensor sin(Tensor input) => input.sin();

    public static Tensor sinc(Tensor input) => input.sinc();

    public static Tensor sinh(Tensor input) => input.sinh();

    public static Tensor sqrt(Tensor input) => input.sqrt();

    public static Tensor square(Tensor input) => input.square();

    public static Tensor tan(Tensor input) => input.tan();

    public static Tensor tanh(Tensor input) => input.tanh();

    public static Tensor trunc(Tensor input) => input.trunc();

    public static Tensor abs_(Tensor input) => input.abs_();

    public static Tensor ceil_(Tensor input) => input.ceil_();

    public static Tensor erf_(Tensor input) => input.erf_();

    public static Tensor erfinv_(Tensor input) => input.erfinv_();

    public static Tensor cos_(Tensor input) => input.cos_();

    public static Tensor exp_(Tensor input) => input.exp_();

    public static Tensor floor_(Tensor input) => input.floor_();

    public static Tensor log_(Tensor input) => input.log_();

    public static Tensor neg_(Tensor input) => input.neg_();

    public static Tensor reciprocal_(Tensor input) => input.reciprocal_();

    public static Tensor rsqrt_(Tensor input) => input.rsqrt_();

    public static Tensor sigmoid_(Tensor input) => input.sigmoid_();

    public static Tensor sign_(Tensor input) => input.sign_();

    public static Tensor sin_(Tensor input) => input.sin_();

    public static Tensor sqrt_(Tensor input) => input.sqrt_();

    public static Tensor tanh_(Tensor input) => input.tanh_();

    public static Tensor trunc_(Tensor input) => input.trunc_();

    public static Tensor round(Tensor input, long decimals = 0) => input.round(decimals);

    public static Tensor round_(Tensor input, long decimals = 0) => input.round_(decimals);

    public static Tensor logit(Tensor input, double? eps = null) => input.logit(eps);

    public static Tensor nan_to_num(Tensor input, double nan = 0, double? posinf = null, double? neginf = null) =>
        input.nan_to_num(nan, posinf, neginf);

    public static Tensor nan_to_num_(Tensor input, double nan = 0, double? posinf = null, double? neginf = null) =>
        input.nan_to_num_(nan, posinf, neginf);

    public partial class Tensor
    {
        public Tensor abs() => Aten.Call("abs", this);

        public Tensor acos() => Aten.Call("acos", this);

        public Tensor acosh() => Aten.Call("acosh", this);

        public Tensor asin() => Aten.Call("asin", this);

        public Tensor asinh() => Aten.Call("asinh", this);

        public Tensor atan() => Aten.Call("atan", this);

        public Tensor atanh() => Aten.Call("atanh", this);

        public Tensor ceil() => Aten.Call("ceil", this);

        public Tensor cos() => Aten.Call("cos", this);

        public Tensor cosh() => Aten.Call("cosh", this);

        public Tensor erf() => Aten.Call("erf", this);

        public Tensor erfc() => Aten.Call("erfc", this);

        public Tensor erfinv() => Aten.Call("erfinv", this);

        public Tensor exp() => Aten.Call("exp", this);

        public Tensor exp2() => Aten.Call("exp2", this);

        public Tensor expm1() => Aten.Call("expm1", this);

        public Tensor floor() => Aten.Call("floor", this);

        public Tensor frac() => Aten.Call("frac", this);

        public Tensor lgamma() => Aten.Call("lgamma", this);

        public Tensor log() => Aten.Call("log", this);

        public Tensor log10() => Aten.Call("log10", this);

        public Tensor log1p() => Aten.Call("log1p", this);

        public Tensor log2() => Aten.Call("log2", this);

        public Tensor neg() => Aten.Call("neg", this);

        public Tensor reciprocal() => Aten.Call("reciprocal", this);

        public Tensor rsqrt() => Aten.Call("rsqrt", this);

        public Tensor sgn() => Aten.Call("sgn", this);

        public Tensor sigmoid() => Aten.Call("sigmoid", this);

        public Tensor sign() => Aten.Call("sign", this);

        public Tensor sin() => Aten.Call("sin", this);

        public Tensor sinc() => Aten.Call("sinc", this);

        public Tensor sinh() => Aten.Call("sinh", this);

        public Tensor sqrt() => Aten.Call("sqrt", this);

        public Tensor square() => Aten.Call("square", this);

        public Tensor tan() => Aten.Call("tan", this);

        public Tensor tanh() => Aten.Call("tanh", this);

        public Tensor trunc() => Aten.Call("trunc", this);

        public Tensor abs_() => Aten.Update("abs_", this);

        public Tensor ceil_() => Aten.Update("ceil_", this);

        public Tensor erf_() => Aten.Update("erf_", this);

        public Tensor erfinv_() => Aten.Update("erfinv_", this);

        public Tensor cos_() => Aten.Update("cos_", this);

        public Tensor exp_() => Aten.Update("exp_", this);

        public Tensor floor_() => Aten.Update("floor_", this);

        public Tensor log_() => Aten.Update("log_", this);

        public Tensor neg_() => Aten.Update("neg_", this);

        public Tensor reciprocal_() => Aten.Update("reciprocal_", this);

        public Tensor rsqrt_() => Aten.Update("rsqrt_", this);

        public Tensor sigmoid_() => Aten.Update("sigmoid_", this);

        public Tensor sign_() => Aten.Update("sign_", this);

        public Tensor sin_() => Aten.Update("sin_", this);

        public Tensor sqrt_() => Aten.Update("sqrt_", this);

        public Tensor tanh_() => Aten.Update("tanh_", this);

        public Tensor trunc_() => Aten.Update("trunc_", this);

        public Tensor round(long decimals = 0) => Aten.Call("round.decimals", this, decimals);

        public Tensor round_(long decimals = 0) => Aten.Update("round_.decimals", this, decimals);

        public Tensor logit(double? eps = null) => Aten.Call("logit", this, eps);

        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null) =>
            Aten.Call("nan_to_num", this, nan, posinf, neginf);

        public Tensor nan_to_num_(double nan = 0, double? posinf = null, double? neginf = null) =>
            Aten.Update("nan_to_num_", this, nan, posinf, neginf);
    }
}
