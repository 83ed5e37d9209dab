package nn.backend;

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
  BF16
}
