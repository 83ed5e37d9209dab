package nn.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import nn.backend.Backend;
import nn.backend.BackendOptions;
import nn.backend.Buffer;
import nn.backend.Combiner;
import nn.backend.Command;
import nn.backend.Cursor;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Executable;
import nn.backend.Gemm;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.Rows;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.expr.Program;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CpuBackendTest {
  private static final Expr X = Expr.input(0);
  private static final Expr Y = Expr.input(1);
  private final Backend backend = new CpuProvider().create(new BackendOptions(2));

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void firstAndTenThousandthCallGiveTheSameBits() {
    Shape shape = Shape.of(5, 37);
    Operand logits = random(shape, 1);
    Operand probabilities = zeros(shape);
    Rows softmax = softmax(logits, probabilities);
    backend.run(softmax);
    float[] first = floats(probabilities).clone();
    try (Executable executable = backend.compile(List.of(softmax))) {
      executable.run(9_999);
    }
    assertThat(floats(probabilities)).containsExactly(first);
  }

  @Test
  void sumOfAMillionIsAccurateAndTheSameForAnyThreads() {
    int n = 1_000_003;
    Operand x = random(Shape.of(n), 2);
    double exact = 0;
    for (float value : floats(x)) {
      exact += value;
    }
    float[] sums = new float[3];
    for (int threads = 1; threads <= 3; threads++) {
      try (Backend other = new CpuProvider().create(new BackendOptions(threads))) {
        Operand sum = zeros(Shape.of(1));
        other.reduce(sum(x, 0, sum));
        sums[threads - 1] = floats(sum)[0];
      }
    }
    assertThat((double) sums[0]).isCloseTo(exact, within(exact, 1e-6));
    assertThat(sums).containsOnly(sums[0]);
  }

  @Test
  void sumOverManyRowsIsAccurate() {
    Shape shape = Shape.of(60_000, 10);
    Operand x = random(shape, 3);
    Operand sums = zeros(Shape.of(1, 10));
    backend.reduce(sum(x, 0, sums));
    double[] exact = new double[10];
    float[] values = floats(x);
    for (int i = 0; i < values.length; i++) {
      exact[i % 10] += values[i];
    }
    for (int i = 0; i < exact.length; i++) {
      assertThat((double) floats(sums)[i]).isCloseTo(exact[i], within(exact[i], 1e-6));
    }
  }

  @Test
  void cursorsMoveFromStepToStep() {
    CpuBuffer step = new CpuBuffer(DType.I32, 1);
    Operand count = Operand.of(step, Shape.of(1));
    Operand rates = random(Shape.of(8), 4);
    Operand losses = zeros(Shape.of(8));
    Cursor cursor = new Cursor(step, 1);
    Command copy =
        new Elementwise(
            Shape.of(1),
            Program.of(X.mul(2)),
            List.of(first(rates).movedBy(cursor)),
            List.of(first(losses).movedBy(cursor)));
    Expr next = Expr.intInput(0).add(Expr.integer(1));
    try (Executable steps = backend.compile(List.of(copy, Elementwise.of(next, count, count)))) {
      steps.run(8);
    }
    for (int i = 0; i < 8; i++) {
      assertThat(floats(losses)[i]).isEqualTo(2 * floats(rates)[i]);
    }
  }

  /** Halves of rows are reached by one address; so are halves that are written. */
  @Test
  void partsOfOneArrayAreReadAndWrittenTogether() {
    for (int half = 1; half <= 40; half++) {
      Shape shape = Shape.of(2, 3, half);
      int[] strides = {6 * half, 2 * half, 1};
      Operand rows = random(Shape.of(2, 3, 2 * half), half);
      Operand left = rows.with(Layout.of(shape, strides, 0));
      Operand right = rows.with(Layout.of(shape, strides, half));
      float[] before = floats(rows).clone();
      Operand difference = zeros(shape);
      backend.run(Elementwise.of(X.sub(Y), difference, left, right));
      backend.run(
          new Elementwise(
              shape,
              Program.of(List.of(X.sub(Y), Y.mul(2))),
              List.of(right, left),
              List.of(right, left)));
      for (int i = 0; i < shape.size(); i++) {
        int at = i / half * 2 * half + i % half;
        assertThat(floats(difference)[i]).isEqualTo(before[at] - before[at + half]);
        assertThat(floats(rows)[at]).isEqualTo(2 * before[at]);
        assertThat(floats(rows)[at + half]).isEqualTo(before[at + half] - before[at]);
      }
    }
  }

  /** Some taps of overlapping windows are too far apart for one address. */
  @Test
  void overlappingWindowsAreCompiled() {
    for (int channels : new int[] {3, 20, 64}) {
      Operand image = random(Shape.of(1, 4, 4, channels), channels);
      Shape windows = Shape.of(1, 2, 2, channels);
      int[] strides = {16 * channels, 4 * channels, channels, 1};
      List<Operand> taps = new ArrayList<>();
      Expr sum = Expr.ZERO;
      for (int tap = 0; tap < 9; tap++) {
        int offset = (tap / 3 * 4 + tap % 3) * channels;
        sum = sum.add(Expr.input(tap));
        taps.add(image.with(Layout.of(windows, strides, offset)));
      }
      Operand sums = zeros(windows);
      Elementwise pooling = new Elementwise(windows, Program.of(sum), taps, List.of(sums));
      Operand total = zeros(Shape.of(1, 1, 1, channels));
      List<Integer> pixels = List.of(0, 1, 2);
      Reduce reduction =
          new Reduce(windows, Program.of(sum), List.of(Combiner.SUM), pixels, taps, List.of(total));
      try (Executable both = backend.compile(List.of(pooling, reduction))) {
        both.run(1);
      }
      for (int c = 0; c < channels; c++) {
        double all = 0;
        for (int window = 0; window < 4; window++) {
          double exact = 0;
          for (int tap = 0; tap < 9; tap++) {
            int pixel = (window / 2 + tap / 3) * 4 + window % 2 + tap % 3;
            exact += floats(image)[pixel * channels + c];
          }
          double actual = floats(sums)[window * channels + c];
          assertThat(actual).isCloseTo(exact, Offset.offset(1e-5));
          all += exact;
        }
        assertThat((double) floats(total)[c]).isCloseTo(all, Offset.offset(1e-5));
      }
    }
  }

  /** Row numbers that an earlier stage writes are looked up after it. */
  @Test
  void chainsThatWriteTheNumbersOfAGatherRunStageByStage() {
    Operand scores = random(Shape.of(4, 9), 9);
    CpuBuffer numbers = new CpuBuffer(DType.I32, 4);
    Operand best = Operand.of(numbers, Shape.of(4, 1));
    Operand table = random(Shape.of(9, 1), 10);
    Operand chosen = zeros(Shape.of(4, 1));
    backend.write(numbers, 0, MemorySegment.ofArray(new int[] {999, -1, 999, -1}));
    Reduce argmax = reduce(X, Combiner.ARGMAX, List.of(scores), 1, best);
    Operand gathered = table.gather(Operand.of(numbers, Shape.of(4)));
    backend.run(
        new Rows(Shape.of(4, 9), List.of(argmax, Elementwise.of(X, chosen, gathered)), List.of()));
    for (int i = 0; i < 4; i++) {
      int number = ((int[]) numbers.array())[numbers.first() + i];
      assertThat(floats(chosen)[i]).isEqualTo(floats(table)[number]);
    }
  }

  /** Kernels do not ask: without the checks of the vector library they would write there. */
  @Test
  void cursorsThatLeadOutOfABufferAreRefused() {
    CpuBuffer step = new CpuBuffer(DType.I32, 1);
    Operand row = Operand.of(new CpuBuffer(DType.F32, 40), Shape.of(2, 5));
    Operand x = random(Shape.of(2, 5), 6);
    Operand w = random(Shape.of(5, 5), 7);
    Operand moving = row.movedBy(new Cursor(step, 15));
    List<Command> commands =
        List.of(
            Elementwise.of(X, moving, x),
            Elementwise.of(X, zeros(Shape.of(2, 5)), moving),
            sum(moving, 0, zeros(Shape.of(1, 5))),
            Gemm.of(x, w, moving),
            Gemm.of(moving, w, zeros(Shape.of(2, 5))));
    for (Command command : commands) {
      step.setCount(2);
      backend.run(command);
      step.setCount(3);
      assertThatThrownBy(() -> backend.run(command))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("elements 45 to 54, outside a buffer of 40");
      step.setCount(-1);
      assertThatThrownBy(() -> backend.run(command)).hasMessageContaining("elements -15 to -6");
    }
  }

  @Test
  void gathersOfRowsThatAreNotThereAreRefused() {
    CpuBuffer numbers = new CpuBuffer(DType.I32, 3);
    Operand table = random(Shape.of(4, 20), 8);
    Operand rows = table.gather(Operand.of(numbers, Shape.of(3)));
    Operand copy = zeros(Shape.of(3, 20));
    backend.write(numbers, 0, MemorySegment.ofArray(new int[] {3, 0, 3}));
    backend.run(Elementwise.of(X, copy, rows));
    assertThat(Arrays.copyOfRange(floats(copy), 20, 40))
        .containsExactly(Arrays.copyOf(floats(table), 20));
    for (int wrong : new int[] {4, -1, Integer.MAX_VALUE}) {
      backend.write(numbers, 1, MemorySegment.ofArray(new int[] {wrong}));
      for (Command command :
          List.of(Elementwise.of(X, copy, rows), sum(rows, 1, zeros(Shape.of(3, 1))))) {
        assertThatThrownBy(() -> backend.run(command))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("row index " + wrong + ", number 1 of a gather");
      }
    }
  }

  /** A chain whose last stage writes over what earlier rows read cannot run row by row. */
  @Test
  void chainsThatWriteOverOtherRowsRunStageByStage() {
    Shape shape = Shape.of(6, 20);
    Operand x = random(shape, 5);
    Operand sums = zeros(Shape.of(6, 1));
    Operand reversed = x.with(Layout.of(shape, new int[] {-20, 1}, 100)); // row i is row 5 - i of x
    float[] before = floats(x).clone();
    Rows chain =
        new Rows(
            shape,
            List.of(
                sum(x, 1, sums),
                Elementwise.of(X.add(Y), zeros(shape), x, sums.broadcastTo(shape)),
                Elementwise.of(X, reversed, sums.broadcastTo(shape))),
            List.of());
    backend.run(chain);
    float[] expected = new float[6];
    for (int i = 0; i < 6; i++) {
      float[] row = Arrays.copyOfRange(before, 20 * i, 20 * i + 20);
      Operand single = Operand.of(buffer(row), Shape.of(1, 20));
      Operand result = zeros(Shape.of(1, 1));
      backend.reduce(sum(single, 1, result));
      expected[i] = floats(result)[0];
    }
    for (int i = 0; i < 6; i++) {
      assertThat(floats(sums)[i]).isEqualTo(expected[i]);
      assertThat(floats(x)[20 * (5 - i) + 7]).isEqualTo(expected[i]);
    }
  }

  @Test
  void refusesWhatIsNotItsOwn() {
    assertThatThrownBy(() -> backend.allocate(DType.F64, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("F64");
    backend.close();
    assertThatThrownBy(() -> backend.allocate(DType.F32, 3))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  @Timeout(60)
  void whatCannotBeCompiledIsRefusedAndTheNextIsCompiled() {
    Operand x = random(Shape.of(20), 11);
    Operand y = zeros(x.shape());
    Command twice = Elementwise.of(X.mul(2), y, x);
    Command foreign = Elementwise.of(X, y, Operand.of(new Foreign(DType.F32, 20), x.shape()));
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> backend.compile(List.of(twice, foreign, twice)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("another backend");
    }
    try (Executable executable = backend.compile(List.of(twice))) {
      executable.run(1);
    }
    assertThat(floats(y)[7]).isEqualTo(2 * floats(x)[7]);
  }

  private record Foreign(DType type, int length) implements Buffer {}

  private static Rows softmax(Operand logits, Operand probabilities) {
    Shape shape = logits.shape();
    Operand largest = zeros(shape.reduced(-1));
    Operand total = zeros(shape.reduced(-1));
    Expr power = X.sub(Y).exp();
    List<Operand> shifted = List.of(logits, largest.broadcastTo(shape));
    return new Rows(
        shape,
        List.of(
            reduce(X, Combiner.MAX, List.of(logits), 1, largest),
            new Elementwise(shape, Program.of(power), shifted, List.of(probabilities)),
            reduce(X, Combiner.SUM, List.of(probabilities), 1, total),
            Elementwise.of(X.div(Y), probabilities, probabilities, total)),
        List.of(largest, total));
  }

  private static Reduce sum(Operand input, int axis, Operand output) {
    return reduce(X, Combiner.SUM, List.of(input), axis, output);
  }

  private static Reduce reduce(
      Expr value, Combiner combiner, List<Operand> inputs, int axis, Operand output) {
    return new Reduce(
        inputs.getFirst().shape(),
        Program.of(value),
        List.of(combiner),
        List.of(axis),
        inputs,
        List.of(output));
  }

  private static Offset<Double> within(double value, double relative) {
    return Offset.offset(relative * Math.abs(value));
  }

  private static Operand first(Operand operand) {
    return Operand.of(operand.buffer(), Shape.of(1));
  }

  private static Operand zeros(Shape shape) {
    return Operand.of(new CpuBuffer(DType.F32, shape.size()), shape);
  }

  private static CpuBuffer buffer(float[] values) {
    CpuBuffer buffer = new CpuBuffer(DType.F32, values.length);
    System.arraycopy(values, 0, buffer.array(), buffer.first(), values.length);
    return buffer;
  }

  /** Uniform in [0, 1). */
  private static Operand random(Shape shape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    return Operand.of(buffer(values), shape);
  }

  private static float[] floats(Operand operand) {
    CpuBuffer buffer = (CpuBuffer) operand.buffer();
    int first = buffer.first();
    return Arrays.copyOfRange((float[]) buffer.array(), first, first + buffer.length());
  }
}
