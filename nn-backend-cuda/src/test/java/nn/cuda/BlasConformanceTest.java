package nn.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import nn.cuda.emulator.Emulator;
import nn.tck.Case;
import nn.tck.Conformance;
import nn.tck.Outcome;
import nn.tck.Report;
import nn.tck.Verb;
import org.junit.jupiter.api.Test;

/** The kit's products and plans with cuBLAS for all of them. */
class BlasConformanceTest {
  @Test
  void productsOfCuBlasConform() {
    Emulator emulator = Emulator.require();
    List<Case> cases =
        Conformance.cases().stream()
            .filter(each -> each.verb() == Verb.GEMM || each.verb() == Verb.PLAN)
            .toList();
    long before = emulator.count("gemms");
    try (CudaBackend backend = EmulatedBackends.open(EmulatedBackends.NONE_FUSED)) {
      Report report = Conformance.verify(backend, cases, result -> {});
      assertThat(report.with(Outcome.Status.FAILED)).isEmpty();
    }
    assertThat(emulator.count("gemms") - before).isGreaterThan(cases.size() / 2);
    assertThat(emulator.violations()).isEmpty();
    assertThat(emulator.living()).isEmpty();
  }
}
