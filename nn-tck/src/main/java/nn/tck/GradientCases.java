package nn.tck;

import java.util.List;
import nn.backend.Backend;
import nn.backend.Elementwise;
import nn.backend.Shape;
import nn.backend.reference.ReferenceBackend;
import nn.expr.Expr;
import nn.expr.Program;

/**
 * Symbolic derivatives, computed by the backend, against central differences by the reference in
 * double precision.
 */
final class GradientCases {
  private static final Expr X = Expr.input(0);
  private static final Expr Y = Expr.input(1);
  private static final Shape SHAPE = Shape.of(5, 41);
  private static final int FIRST_OUTPUT = 2;
  private static final double STEP = 1e-5;
  private static final Tolerance TOLERANCE = new Tolerance(2e-6, 1, 1e-9, 1e-10);

  private GradientCases() {}

  static List<Case> cases() {
    Expr cubic = X.add(X.square().mul(X).mul(0.044715)).mul(0.7978845608);
    Expr softplus = X.max(Expr.ZERO).add(X.abs().neg().exp().add(1).log());
    Expr distance = X.sub(Y).abs();
    Expr near = distance.square().mul(0.5);
    return List.of(
        new Gradient("polynomial", X.square().mul(Y).sub(X.mul(3)).add(Y.square()), -2),
        new Gradient("quotient", X.div(Y.square().add(1)), -2),
        new Gradient("exp and log", X.exp().mul(Y.square().add(0.1).log()), -2),
        new Gradient("sqrt", X.sqrt().div(Y), 0.5),
        new Gradient("sigmoid", X.mul(Y).sigmoid(), -2),
        new Gradient("tanh", X.add(Y.mul(0.3)).tanh(), -2),
        new Gradient("relu", X.add(Y).max(Expr.ZERO), -2),
        new Gradient("leaky relu", X.max(X.mul(0.01)).add(Y), -2),
        new Gradient("clipping", X.mul(Y).min(Expr.ONE).max(Expr.constant(-1)), -2),
        new Gradient("smaller and larger", X.min(Y).mul(X.max(Y)), -2),
        new Gradient("gelu", X.mul(0.5).mul(cubic.tanh().add(1)).mul(Y), -2),
        new Gradient("swish", X.mul(X.mul(1.702).sigmoid()).sub(Y), -2),
        new Gradient("elu", Expr.select(X.gt(Expr.ZERO), X, X.exp().sub(1)).mul(Y), -2),
        new Gradient("binary cross entropy of a logit", softplus.sub(X.mul(Y)), -2),
        new Gradient(
            "Huber loss", Expr.select(distance.lt(Expr.ONE), near, distance.sub(0.5)), -2));
  }

  /**
   * The derivatives of one expression with respect to two inputs, which are drawn uniformly.
   *
   * @param from the lower bound of both inputs
   */
  private record Gradient(String function, Expr expr, double from) implements Case {
    @Override
    public String name() {
      return "derivative of " + function;
    }

    @Override
    public Verb verb() {
      return Verb.GRADIENT;
    }

    @Override
    public Outcome run(Backend backend) {
      Workspace actual = new Workspace(backend, false, function.hashCode());
      try (Backend reference = new ReferenceBackend()) {
        Program derivatives = Program.of(expr.derivative(X), expr.derivative(Y));
        backend.elementwise(map(actual, derivatives));
        Workspace expected = new Workspace(reference, true, function.hashCode());
        reference.elementwise(map(expected, differences(expr)));
        return compare(expected, actual, 0).and(compare(expected, actual, 1));
      } finally {
        actual.free();
      }
    }

    private Elementwise map(Workspace w, Program program) {
      int[] dims = SHAPE.dims();
      return new Elementwise(
          SHAPE,
          program,
          List.of(w.uniform(from, 2, dims), w.uniform(from, 2, dims)),
          List.of(w.output(dims), w.output(dims)));
    }
  }

  private static Outcome compare(Workspace expected, Workspace actual, int output) {
    Workspace.Entry entry = actual.entries().get(FIRST_OUTPUT + output);
    double[] want = expected.read(expected.entries().get(FIRST_OUTPUT + output));
    double[] got = actual.read(entry);
    return new Comparison(entry.type, entry.before, want, got, TOLERANCE)
        .outcome("by input " + output);
  }

  private static Program differences(Expr expr) {
    return Program.of(difference(expr, X), difference(expr, Y));
  }

  private static Expr difference(Expr expr, Expr input) {
    return at(expr, input, STEP).sub(at(expr, input, -STEP)).div(2 * STEP);
  }

  private static Expr at(Expr expr, Expr input, double step) {
    return expr.replace(part -> part.equals(input) ? input.add(step) : null);
  }
}
