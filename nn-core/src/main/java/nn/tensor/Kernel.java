package nn.tensor;

import java.util.List;
import java.util.stream.IntStream;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.expr.Program;
import nn.expr.Type;

/** Expressions with only the operands they read, broadcast to the iteration space. */
record Kernel(Program program, List<Operand> operands) {

  static Kernel of(Expr expr, Shape shape, List<Tensor> inputs) {
    return of(List.of(expr), shape, inputs);
  }

  static Kernel of(List<Expr> exprs, Shape shape, List<Tensor> inputs) {
    boolean[] used = new boolean[inputs.size()];
    exprs.forEach(expr -> note(expr, used));
    int[] renumbered = new int[used.length];
    int count = 0;
    for (int i = 0; i < used.length; i++) {
      renumbered[i] = used[i] ? count++ : -1;
    }
    List<Expr> compact =
        exprs.stream()
            .map(expr ->
                expr.replace(part ->
                    part instanceof Expr.Input(int index, Type type)
                        ? new Expr.Input(renumbered[index], type)
                        : null))
            .toList();
    List<Operand> operands =
        IntStream.range(0, used.length)
            .filter(i -> used[i])
            .mapToObj(i -> stretched(inputs.get(i), shape))
            .toList();
    return new Kernel(Program.of(compact), operands);
  }

  private static void note(Expr expr, boolean[] used) {
    expr.replace(part -> {
      if (part instanceof Expr.Input in) {
        if (in.index() >= used.length) {
          throw new IllegalArgumentException(
              "the expression reads input %s of %s tensors".formatted(in.index(), used.length));
        }
        used[in.index()] = true;
      }
      return null;
    });
  }

  /** Gathered rows cannot stretch, so they are copied first. */
  private static Operand stretched(Tensor input, Shape shape) {
    Tensor plain = input.shape().equals(shape) ? input : input.ungathered();
    return plain.operand().broadcastTo(shape);
  }
}
