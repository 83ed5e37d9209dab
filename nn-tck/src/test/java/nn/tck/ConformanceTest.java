package nn.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import nn.backend.Backend;
import nn.backend.DType;
import nn.backend.reference.ReferenceBackend;
import nn.expr.Op;
import org.junit.jupiter.api.Test;

class ConformanceTest {
  @Test
  void casesHaveNamesOfTheirOwn() {
    List<String> names = Conformance.cases().stream().map(c -> c.verb() + c.name()).toList();
    assertThat(names).doesNotHaveDuplicates();
  }

  @Test
  void everyVerbAndEveryOperationHasCases() {
    List<Case> cases = Conformance.cases();
    Set<Verb> verbs = cases.stream().map(Case::verb).collect(Collectors.toSet());
    assertThat(verbs).containsExactlyInAnyOrder(Verb.values());
    for (Op op : Op.values()) {
      assertThat(cases).as(op.name()).anyMatch(c -> c.name().contains(op.name()));
    }
  }

  @Test
  void whatIsNotSupportedIsSkippedWithTheReason() {
    Mutant withoutBFloat16 =
        new Mutant() {
          @Override
          public boolean supports(DType type) {
            return type != DType.BF16;
          }
        };
    List<Case> some = Conformance.cases().stream().filter(c -> c.name().contains("BF16")).toList();
    Report report = Conformance.verify(withoutBFloat16, some, result -> {});
    assertThat(report.with(Outcome.Status.SKIPPED)).hasSizeGreaterThan(10);
    assertThat(report.toString()).contains("SKIPPED GEMM, factors of BF16: BF16 is not supported");
  }

  @Test
  void whatABackendThrowsIsAFailure() {
    Backend broken =
        new Mutant() {
          @Override
          public void synchronize() {
            throw new UnsupportedOperationException("not there");
          }
        };
    List<Case> plans = Conformance.cases().stream().filter(c -> c.verb() == Verb.PLAN).toList();
    Report report = Conformance.verify(broken, plans, result -> {});
    assertThat(report.passed()).isFalse();
    assertThat(report.toString()).contains("throws java.lang.UnsupportedOperationException");
  }

  @Test
  void measuresTheSpeedOfACase() {
    Computation gemm =
        (Computation)
            Conformance.cases().stream()
                .filter(c -> c.name().equals("23 x 23 x 23, A transposed"))
                .findFirst()
                .orElseThrow();
    try (Backend backend = new ReferenceBackend()) {
      Speed speed = Speed.of(backend, gemm, Duration.ofMillis(1));
      assertThat(speed.work().flops()).isEqualTo(2L * 23 * 23 * 23);
      assertThat(speed.gigaflops()).isPositive();
      assertThat(speed.toString()).startsWith(gemm.name()).contains("GFLOP/s");
    }
  }
}
