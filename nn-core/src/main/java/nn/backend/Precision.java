package nn.backend;

import java.util.Locale;

/**
 * How exact the factors of matrix products have to be. Buffers and sums are single precision in any
 * case; a backend without faster products of less precision computes them in full.
 */
public enum Precision {
  /** IEEE single. */
  F32,
  /** 10 bits after the point and the range of a single, as NVIDIA's tensor cores have it. */
  TF32,
  /** 7 bits after the point and the range of a single. */
  BF16;

  /**
   * The precision of that name, in small letters.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static Precision named(String name) {
    for (Precision precision : values()) {
      if (precision.name().toLowerCase(Locale.ROOT).equals(name)) {
        return precision;
      }
    }
    throw new IllegalArgumentException(
        "no precision is called \"" + name + "\"; there are: f32, tf32, bf16");
  }
}
