package nn.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import nn.backend.Backend;
import nn.backend.BackendOptions;
import nn.backend.Combiner;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.expr.Program;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ProgramSplitterTest {
  private static final Shape SHAPE = Shape.of(3, 40);
  private static final Expr X = Expr.input(0);
  private static final Expr Y = Expr.input(1);

  @Test
  void smallProgramsStayWhole() {
    Operand x = values();
    Elementwise small = Elementwise.of(X.exp().add(Y.tanh()), zeros(), x, x);
    assertThat(ProgramSplitter.split(small)).containsExactly(small);
  }

  @Test
  void partsAreSmallEnough() {
    for (Elementwise part : ProgramSplitter.split(large(values(), zeros(), zeros()))) {
      assertThat(ProgramSplitter.size(part.program())).isLessThanOrEqualTo(ProgramSplitter.LARGEST);
    }
  }

  /** Also where an output takes an input's place. */
  @Test
  void partsComputeTheSame() {
    Operand x = values();
    Operand second = zeros();
    float[] before = floats(x).clone();
    try (Backend backend = new CpuProvider().create(new BackendOptions(1))) {
      backend.elementwise(large(x, x, second));
    }
    float[] after = floats(x);
    float[] others = floats(second);
    for (int i = 0; i < SHAPE.size(); i++) {
      double expected = before[i];
      for (int k = 0; k < 20; k++) {
        expected = Math.tanh(expected) + 0.1 * k;
      }
      assertThat((double) after[i]).isCloseTo(expected, within(1e-4));
      double other = Math.exp(Math.min(expected, 1)) + before[i];
      assertThat((double) others[i]).isCloseTo(other, within(1e-3));
    }
  }

  @Test
  void largeReductions() {
    Operand x = values();
    Expr value = large(x, zeros(), zeros()).program().expressions().getFirst();
    Operand sums = Operand.of(new CpuBuffer(DType.F32, 3), Shape.of(3, 1));
    Operand mapped = zeros();
    Operand expected = Operand.of(new CpuBuffer(DType.F32, 3), Shape.of(3, 1));
    try (Backend backend = new CpuProvider().create(new BackendOptions(1))) {
      backend.reduce(sum(value, x, sums));
      backend.elementwise(Elementwise.of(value, mapped, x));
      backend.reduce(sum(X, mapped, expected));
    }
    assertThat(floats(sums)).containsExactly(floats(expected));
  }

  private static Reduce sum(Expr value, Operand input, Operand output) {
    return new Reduce(
        SHAPE,
        Program.of(value),
        List.of(Combiner.SUM),
        List.of(1),
        List.of(input),
        List.of(output));
  }

  /** Twenty hyperbolic tangents, and an output that shares their value. */
  private static Elementwise large(Operand x, Operand first, Operand second) {
    Expr value = X;
    for (int k = 0; k < 20; k++) {
      value = value.tanh().add(0.1 * k);
    }
    Expr other = value.min(Expr.ONE).exp().add(X);
    List<Operand> outputs = new ArrayList<>(List.of(first, second));
    return new Elementwise(SHAPE, Program.of(value, other), List.of(x), outputs);
  }

  private static Offset<Double> within(double error) {
    return Offset.offset(error);
  }

  private static Operand zeros() {
    return Operand.of(new CpuBuffer(DType.F32, SHAPE.size()), SHAPE);
  }

  private static Operand values() {
    CpuBuffer values = new CpuBuffer(DType.F32, SHAPE.size());
    for (int i = 0; i < SHAPE.size(); i++) {
      ((float[]) values.array())[values.first() + i] = (i % 17 - 8) * 0.25f;
    }
    return Operand.of(values, SHAPE);
  }

  private static float[] floats(Operand operand) {
    CpuBuffer buffer = (CpuBuffer) operand.buffer();
    int first = buffer.first();
    return Arrays.copyOfRange((float[]) buffer.array(), first, first + buffer.length());
  }
}
