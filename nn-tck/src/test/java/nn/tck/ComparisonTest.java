package nn.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import nn.backend.DType;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final double[] BEFORE = {9, 9, 9, 9};

  private static Outcome compare(Tolerance tolerance, double[] expected, double... actual) {
    return new Comparison(DType.F32, BEFORE, expected, actual, tolerance).outcome("it");
  }

  private static Outcome.Status status(Tolerance tolerance, double[] expected, double... actual) {
    return compare(tolerance, expected, actual).status();
  }

  @Test
  void allowsWhatTheToleranceAllowsAndNoMore() {
    double[] expected = {1, 2, 4, 9};
    double ulp = 0x1p-23;
    Outcome near = compare(Tolerance.FUNCTION, expected, 1 + 3 * ulp, 2, 4, 9);
    assertThat(near.status()).isEqualTo(Outcome.Status.PASSED);
    assertThat(near.error()).isEqualTo(3 * ulp);
    assertThat(near.ofTolerance()).isCloseTo(0.75, within(1e-6));
    assertThat(status(Tolerance.FUNCTION, expected, 1 + 5 * ulp, 2, 4, 9))
        .isEqualTo(Outcome.Status.FAILED);
  }

  @Test
  void namesTheWorstElement() {
    Outcome outcome = compare(Tolerance.FUNCTION, new double[] {1, 2, 4, 9}, 1, 2.1, 4.1, 9);
    assertThat(outcome.status()).isEqualTo(Outcome.Status.FAILED);
    assertThat(outcome.detail()).isEqualTo("it: element 1 is 2.1, expected 2.0");
  }

  @Test
  void aStrayWriteIsAnErrorHoweverSmall() {
    Outcome outcome = compare(Tolerance.COMPOSED, new double[] {1, 2, 4, 9}, 1, 2, 4, 9.000001);
    assertThat(outcome.detail()).contains("element 3, which nothing should have written");
  }

  @Test
  void notANumberAndInfinityAreThemselves() {
    double nan = Double.NaN;
    double inf = Double.POSITIVE_INFINITY;
    double[] expected = {nan, inf, 1, 9};
    assertThat(status(Tolerance.SUM, expected, nan, inf, 1, 9)).isEqualTo(Outcome.Status.PASSED);
    assertThat(status(Tolerance.SUM, expected, nan, nan, 1, 9)).isEqualTo(Outcome.Status.FAILED);
    assertThat(status(Tolerance.SUM, expected, inf, inf, 1, 9)).isEqualTo(Outcome.Status.FAILED);
    assertThat(status(Tolerance.SUM, expected, nan, -inf, 1, 9)).isEqualTo(Outcome.Status.FAILED);
    assertThat(status(Tolerance.SUM, expected, nan, inf, nan, 9)).isEqualTo(Outcome.Status.FAILED);
    assertThat(status(Tolerance.SUM, expected, nan, inf, inf, 9)).isEqualTo(Outcome.Status.FAILED);
    assertThat(status(Tolerance.SUM, expected, nan, 3e38, 1, 9)).isEqualTo(Outcome.Status.FAILED);
  }

  @Test
  void manySmallErrorsAreTooMuch() {
    Tolerance loose = new Tolerance(1e-2, 1, 0, 1e-8);
    double[] expected = {1, -1, 1, -1};
    assertThat(status(loose, expected, 1.0001, -1, 1, -1)).isEqualTo(Outcome.Status.PASSED);
    assertThat(compare(loose, expected, 1.001, -1.001, 0.999, -1.001).detail())
        .startsWith("it: the mean squared error is 1.00e-06 of the mean square");
  }

  @Test
  void integersAreExact() {
    double[] expected = {1, 2, 3, 100_000};
    double[] actual = {1, 2, 3, 100_001};
    Comparison comparison = new Comparison(DType.I32, BEFORE, expected, actual, Tolerance.COMPOSED);
    assertThat(comparison.outcome("it").status()).isEqualTo(Outcome.Status.FAILED);
  }
}
