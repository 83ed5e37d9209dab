package nn.cpu.codegen;

/**
 * The transcendental functions as polynomials, emitted in place. The lanewise operators of the
 * Vector API would give other bits once C2 takes over from the interpreter; these give the same
 * ones always and at every width. Each is within 2 ulp over the whole range, subnormal results
 * included.
 *
 * <p>The coefficients are minimax fits (weighted least squares iterated by Lawson's rule) made for
 * this class: of (exp(r) - 1 - r) / r^2 over |r| <= log(2)/2, and of (log(1+f) - f + f^2/2) / f^3
 * over sqrt(1/2) <= 1+f <= sqrt(2).
 */
final class VectorMath {
  private static final float[] EXP = {
    0.5f, 0.16666666f, 0.041666362f, 0.00833339f, 0.0013940628f, 1.9845877e-4f
  };
  private static final float[] LOG = {
    0.3333333f, -0.25000823f, 0.20001227f, -0.16623357f,
    0.14201762f, -0.13160194f, 0.1276155f, -0.0763443f
  };
  private static final float LOG2_E = 1.442695f;

  /** The sum is log(2); the first has so few bits that a small integer times it is exact. */
  private static final float LN2_HIGH = 355f / 512;

  private static final float LN2_LOW = -2.1219444e-4f;

  /** Adding it leaves the integer nearest to a number in the lowest bits. */
  private static final float ROUND = 0x1.8p23f;

  private static final int SQRT_HALF_BITS = 0x3f3504f3;
  private static final int MANTISSA = 0x007fffff;
  private static final int BIAS = 127;

  private final VectorCode v;

  VectorMath(VectorCode code) {
    this.v = code;
  }

  /** x = n log(2) + r with integral n and |r| <= log(2)/2. */
  private record Reduced(Vec n, Vec r) {}

  private Reduced reduce(Vec x) {
    Vec shifted = v.fma(x, v.real(LOG2_E), v.real(ROUND));
    Vec n = v.sub(shifted, v.real(ROUND));
    Vec r = v.fma(n, v.real(-LN2_LOW), v.fma(n, v.real(-LN2_HIGH), x));
    return new Reduced(v.sub(v.bits(shifted), v.integer(Float.floatToRawIntBits(ROUND))), r);
  }

  /** exp(r) - 1. */
  private Vec expm1(Vec r) {
    return v.fma(v.mul(r, r), polynomial(r, EXP), r);
  }

  private Vec polynomial(Vec x, float[] coefficients) {
    Vec sum = v.real(coefficients[coefficients.length - 1]);
    for (int i = coefficients.length - 2; i >= 0; i--) {
      sum = v.fma(sum, x, v.real(coefficients[i]));
    }
    return sum;
  }

  private Vec powerOfTwo(Vec n) {
    return v.fromBits(v.shift("LSHL", v.add(n, v.integer(BIAS)), 23));
  }

  /** Where x is below the bound, the bound; NaN stays. */
  private Vec atLeast(Vec x, float bound) {
    return v.select(v.compare("LT", x, v.real(bound)), v.real(bound), x);
  }

  private Vec atMost(Vec x, float bound) {
    return v.select(v.compare("GT", x, v.real(bound)), v.real(bound), x);
  }

  Vec exp(Vec x) {
    return v.scoped(() -> scaledExp(atMost(atLeast(x, -105), 89)));
  }

  /** Two factors of 2^n: one alone would overflow, or round a subnormal result twice. */
  private Vec scaledExp(Vec x) {
    Reduced reduced = reduce(x);
    Vec mantissa = v.add(expm1(reduced.r), v.real(1));
    Vec half = v.shift("ASHR", reduced.n, 1);
    Vec scaled = v.mul(mantissa, powerOfTwo(half));
    return v.mul(scaled, powerOfTwo(v.sub(reduced.n, half)));
  }

  /** z / (1 + z) with z = exp(-|x|), which cannot overflow. */
  Vec sigmoid(Vec x) {
    return v.scoped(() -> {
      Vec z = scaledExp(atLeast(v.neg(v.abs(x)), -105));
      Vec lower = quotient(z, 1);
      return v.select(v.compare("LT", x, v.real(0)), lower, v.sub(v.real(1), lower));
    });
  }

  /** e / (2 + e) with e = exp(2|x|) - 1, which keeps its precision near 0. */
  Vec tanh(Vec x) {
    return v.scoped(() -> {
      Vec magnitude = atMost(v.abs(x), 9.5f);
      Reduced reduced = reduce(v.add(magnitude, magnitude));
      Vec power = powerOfTwo(reduced.n);
      Vec e = v.fma(power, expm1(reduced.r), v.sub(power, v.real(1)));
      Vec sign = v.and(v.bits(x), v.integer(Integer.MIN_VALUE));
      return v.fromBits(v.xor(v.bits(quotient(e, 2)), sign));
    });
  }

  /**
   * q = a / (c + a) for a >= 0. Where a < c, what the sum lost in rounding is made up for, by way
   * of c / (c + a) = 1 - q.
   */
  private Vec quotient(Vec a, float c) {
    Vec sum = v.add(a, v.real(c));
    Vec small = v.compare("LT", a, v.real(c));
    Vec lost = v.select(small, v.sub(a, v.sub(sum, v.real(c))), v.real(0));
    Vec q = v.div(a, sum);
    Vec part = v.mul(lost, v.fma(q, v.real(-1 / c), v.real(1 / c)));
    return v.sub(q, v.mul(q, part));
  }

  Vec log(Vec x) {
    return v.scoped(() -> {
      Vec finite = logOfPositive(x);
      Vec positive = v.select(v.compare("LT", x, v.real(Float.POSITIVE_INFINITY)), finite, x);
      Vec zero = v.compare("EQ", x, v.real(0));
      Vec orZero = v.select(zero, v.real(Float.NEGATIVE_INFINITY), positive);
      return v.select(v.compare("LT", x, v.real(0)), v.real(Float.NaN), orZero);
    });
  }

  /** x = 2^n (1 + f). */
  private Vec logOfPositive(Vec x) {
    Vec small = v.compare("LT", x, v.real(Float.MIN_NORMAL));
    Vec normal = v.select(small, v.mul(x, v.real(0x1p23f)), x);
    Vec above = v.sub(v.bits(normal), v.integer(SQRT_HALF_BITS));
    Vec exponent = v.shift("ASHR", above, 23);
    Vec n = v.add(v.toFloat(exponent), v.select(small, v.real(-23), v.real(0)));
    Vec m = v.add(v.and(above, v.integer(MANTISSA)), v.integer(SQRT_HALF_BITS));
    Vec f = v.sub(v.fromBits(m), v.real(1));
    Vec f2 = v.mul(f, f);
    Vec tail = v.mul(v.mul(f2, f), polynomial(f, LOG));
    Vec low = v.fma(n, v.real(LN2_LOW), v.fma(f2, v.real(-0.5f), tail));
    return v.fma(n, v.real(LN2_HIGH), v.add(low, f));
  }

  /** By way of integers, where there is a fraction at all. */
  Vec floor(Vec x) {
    return v.scoped(() -> {
      Vec truncated = v.toFloat(v.toInt(x));
      Vec above = v.compare("GT", truncated, x);
      Vec floored = v.select(above, v.sub(truncated, v.real(1)), truncated);
      Vec fractional = v.compare("LT", v.abs(x), v.real(0x1p23f));
      return v.select(fractional, floored, x);
    });
  }
}
