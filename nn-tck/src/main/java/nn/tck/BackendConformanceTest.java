package nn.tck;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import nn.backend.Backend;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The kit as a JUnit class. A backend's module extends it:
 *
 * <pre>{@code
 * class MyConformanceTest extends BackendConformanceTest {
 *   MyConformanceTest() {
 *     super(() -> new MyBackend());
 *   }
 * }
 * }</pre>
 */
public abstract class BackendConformanceTest {
  private final Supplier<Backend> backend;
  private final List<Supplier<Backend>> others;

  /** Tests the backend that is supplied. */
  protected BackendConformanceTest(Supplier<Backend> backend) {
    this(backend, List.of());
  }

  /**
   * Tests the backend that is supplied.
   *
   * @param others instances that have to give the same bits, such as with other numbers of threads
   */
  protected BackendConformanceTest(Supplier<Backend> backend, List<Supplier<Backend>> others) {
    this.backend = backend;
    this.others = List.copyOf(others);
  }

  @TestFactory
  Stream<DynamicTest> conforms() {
    Backend tested = backend.get();
    return tests(tested, Conformance.cases()).onClose(tested::close);
  }

  @TestFactory
  Stream<DynamicTest> givesTheSameBits() {
    Backend tested = backend.get();
    List<Backend> opened = new ArrayList<>(List.of(tested));
    Stream<DynamicTest> all = Stream.of();
    for (Supplier<Backend> supplier : others) {
      Backend other = supplier.get();
      opened.add(other);
      all = Stream.concat(all, tests(tested, Conformance.sameBitsAs(other)));
    }
    return all.onClose(() -> opened.forEach(Backend::close));
  }

  @Test
  void closesTwice() {
    judge(Conformance.closesTwice(backend));
  }

  private static Stream<DynamicTest> tests(Backend tested, List<Case> cases) {
    return cases.stream()
        .map(each ->
            DynamicTest.dynamicTest(
                each.verb() + ": " + each.name(), () -> judge(Conformance.attempt(each, tested))));
  }

  private static void judge(Outcome outcome) {
    assumeFalse(outcome.status() == Outcome.Status.SKIPPED, outcome.detail());
    assertNotEquals(Outcome.Status.FAILED, outcome.status(), outcome.detail());
  }
}
