package nn.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.expr.CounterRandom;
import nn.expr.Expr;
import nn.expr.Op;
import nn.expr.Program;

/**
 * Elementwise programs as a whole: all sizes, several outputs, in place, coordinates, random
 * numbers, long programs.
 */
final class MapCases {
  private static final Expr X = Expr.input(0);
  private static final Expr Y = Expr.input(1);
  private static final int PROGRAMS = 24;

  private MapCases() {}

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (int n : Sizes.all()) {
      cases.add(size(n));
      cases.add(inPlace(n));
      cases.add(random(n));
      cases.add(adam(n));
    }
    cases.add(size(100_000)); // enough for every thread to get a part
    cases.add(exchange());
    cases.add(mixedTypes());
    cases.add(coordinates(3, 5, 21));
    cases.add(coordinates(4, 1, 3, 16));
    cases.add(coordinates(100));
    cases.add(coordinates(2, 3, 1, 2, 3, 17));
    cases.add(longProgram(150));
    cases.add(longProgram(600));
    cases.add(manyInputs());
    cases.add(constants());
    cases.add(bigIndices());
    for (int i = 0; i < PROGRAMS; i++) {
      cases.add(integerProgram(i));
      cases.add(realProgram(i));
    }
    return cases;
  }

  private static Case size(int n) {
    return Computation.one(
        "tanh(max(x y + x, y)) of " + n,
        Verb.ELEMENTWISE,
        Tolerance.COMPOSED,
        w -> Elementwise.of(X.mul(Y).add(X).max(Y).tanh(), w.output(n), w.normal(n), w.normal(n)));
  }

  private static Case inPlace(int n) {
    return Computation.one(
        "in place, %d elements".formatted(n),
        Verb.ELEMENTWISE,
        Tolerance.COMPOSED,
        w -> {
          Operand x = w.normal(n);
          return Elementwise.of(X.mul(1.5).sub(Y), x, x, w.normal(n));
        });
  }

  private static Case random(int n) {
    Expr uniform = CounterRandom.uniform(Expr.intInput(0), Expr.position());
    return Computation.one(
        "%d random numbers, bit by bit".formatted(n),
        Verb.ELEMENTWISE,
        Tolerance.EXACT,
        w -> Elementwise.of(uniform, w.output(n), w.anyIntegers(1)));
  }

  /** Adam's rule: parameters and two moments in place, with scalars read from memory. */
  private static Case adam(int n) {
    Expr g = Expr.input(1);
    Expr m = Expr.input(2).add(g.sub(Expr.input(2)).mul(0.1));
    Expr v = Expr.input(3).add(g.square().sub(Expr.input(3)).mul(0.001));
    Expr w = X.sub(Expr.input(4).mul(m).div(v.sqrt().add(1e-7)));
    return Computation.one(
        "Adam of " + n,
        Verb.ELEMENTWISE,
        Tolerance.COMPOSED,
        space -> {
          Operand weight = space.normal(n);
          Operand mean = space.normal(n);
          Operand variance = space.uniform(0.01, 1, n);
          Operand rate = space.values(DType.F32, 0.001).broadcastTo(Shape.of(n));
          return new Elementwise(
              Shape.of(n),
              Program.of(w, m, v),
              List.of(weight, space.normal(n), mean, variance, rate),
              List.of(weight, mean, variance));
        });
  }

  /** Each output takes the place of the other's input: all is read before anything is written. */
  private static Case exchange() {
    return Computation.one(
        "exchange of two arrays in place",
        Verb.ELEMENTWISE,
        Tolerance.EXACT,
        w -> {
          Operand x = w.normal(207);
          Operand y = w.normal(207);
          return new Elementwise(Shape.of(207), Program.of(Y, X), List.of(x, y), List.of(x, y));
        });
  }

  private static Case mixedTypes() {
    Expr positive = X.gt(Expr.ZERO);
    Program program =
        Program.of(
            X.max(Expr.ZERO),
            Expr.select(positive, Expr.integer(1), Expr.integer(0)),
            X.mul(1000).toInt().add(Expr.intInput(1)),
            X.toInt().toFloat().mul(0.25));
    return Computation.one(
        "outputs of four types",
        Verb.ELEMENTWISE,
        Tolerance.ROUNDED,
        w ->
            new Elementwise(
                Shape.of(7, 29),
                program,
                List.of(w.normal(7, 29), w.anyIntegers(7, 29)),
                List.of(
                    w.output(7, 29),
                    w.output(DType.U8, 7, 29),
                    w.output(DType.I32, 7, 29),
                    w.output(DType.BF16, 7, 29))));
  }

  private static Case coordinates(int... dims) {
    Expr sum = Expr.position().mul(Expr.integer(1000));
    for (int axis = 0; axis < dims.length; axis++) {
      sum = sum.mul(Expr.integer(31)).add(Expr.index(axis));
    }
    Expr value = sum;
    return Computation.one(
        "coordinates and position in " + Shape.of(dims),
        Verb.ELEMENTWISE,
        Tolerance.EXACT,
        w -> Elementwise.of(value, w.output(DType.I32, dims)));
  }

  private static Case manyInputs() {
    int n = 20;
    Expr sum = Expr.ZERO;
    for (int i = 0; i < n; i++) {
      sum = sum.add(Expr.input(i).mul(i + 1.0)).max(Expr.input(n - 1 - i).sub(5));
    }
    Expr value = sum;
    return Computation.one(
        n + " inputs",
        Verb.ELEMENTWISE,
        Tolerance.COMPOSED,
        w -> {
          Operand[] inputs = new Operand[n];
          for (int i = 0; i < n; i++) {
            inputs[i] = i % 3 == 0 ? w.normal(1, 37) : w.normal(3, 37);
          }
          return Elementwise.of(value, w.output(3, 37), inputs);
        });
  }

  /** Compilers have limits on the length of a method; a fused pass knows none. */
  private static Case longProgram(int rounds) {
    Expr value = X;
    for (int i = 0; i < rounds; i++) {
      value = value.mul(0.75).add(Y.mul(i % 7 * 0.1)).max(X.sub(i % 5));
    }
    Program program = Program.of(value, value.sigmoid());
    return Computation.one(
        "a program of %d operations".formatted(program.operationCount()),
        Verb.ELEMENTWISE,
        Tolerance.COMPOSED,
        w ->
            new Elementwise(
                Shape.of(3, 67),
                program,
                List.of(w.normal(3, 67), w.normal(3, 67)),
                List.of(w.output(3, 67), w.output(3, 67))));
  }

  private static Case constants() {
    return Computation.one(
        "a constant is stored",
        Verb.ELEMENTWISE,
        Tolerance.ROUNDED,
        w -> Elementwise.of(Expr.constant(0.1), w.output(65)));
  }

  /** A single holds whole numbers up to 2^24 only; positions must not go through one. */
  private static Case bigIndices() {
    Expr odd = Expr.apply(Op.BIT_AND, Expr.position(), Expr.integer(1));
    Expr high = Expr.apply(Op.USHR, Expr.position().mul(Expr.integer(16411)), Expr.integer(3));
    return Computation.one(
        "integers beyond 2^24",
        Verb.ELEMENTWISE,
        Tolerance.EXACT,
        w -> Elementwise.of(high.add(odd), w.output(DType.I32, 4099)));
  }

  private static Case integerProgram(int seed) {
    RandomPrograms programs = new RandomPrograms(new SplittableRandom(seed));
    Expr expr = programs.integer(6);
    return Computation.one(
        "integer program " + seed,
        Verb.ELEMENTWISE,
        Tolerance.EXACT,
        w ->
            Elementwise.of(
                expr, w.output(DType.I32, 3, 67), w.anyIntegers(3, 67), w.anyIntegers(67)));
  }

  private static Case realProgram(int seed) {
    RandomPrograms programs = new RandomPrograms(new SplittableRandom(seed));
    Expr expr = programs.real(5);
    return Computation.one(
        "real program " + seed,
        Verb.ELEMENTWISE,
        Tolerance.COMPOSED,
        w ->
            Elementwise.of(expr, w.output(3, 67), w.uniform(-1, 1, 3, 67), w.uniform(-1, 1, 3, 1)));
  }
}
