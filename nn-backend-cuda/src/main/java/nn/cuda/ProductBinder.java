package nn.cuda;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nn.backend.Gemm;
import nn.backend.Shape;
import nn.cuda.codegen.Access;
import nn.cuda.codegen.ProductSpec;
import nn.cuda.driver.Arguments;
import nn.cuda.driver.Grid;
import nn.expr.Expr;
import nn.expr.Program;

/**
 * Makes one launch of a small product and its epilogue: to start a second kernel takes longer than
 * either of them.
 */
final class ProductBinder {
  /**
   * Multiplications up to which this is faster than a library that reads each element of a factor
   * less often; an estimate.
   */
  static final long MOST_WORK = 16L << 20;

  private static final int LONGEST_SUM = 2048;

  private static final Expr PRODUCT = Expr.input(0);

  private ProductBinder() {}

  /** Whether a product is small enough: at most so many multiplications, and its sums not long. */
  static boolean suits(Gemm gemm, long mostWork) {
    long work = (long) gemm.m() * gemm.n() * gemm.k();
    return work <= mostWork && gemm.k() <= LONGEST_SUM;
  }

  static void bind(Gemm gemm, Binding binding) {
    Views views = new Views();
    Map<Expr, Integer> leaves = new HashMap<>();
    for (Program.Step step : gemm.epilogue().steps()) {
      if (step instanceof Program.Leaf(Expr leaf) && !(leaf instanceof Expr.Constant)) {
        leaves.put(leaf, leaf.equals(PRODUCT) ? -1 : views.add(view(leaf, gemm)));
      }
    }
    List<Integer> outputs = gemm.outputs().stream().map(o -> views.add(View.of(o))).toList();
    KernelOperands a = operands(gemm.a().shape(), List.of(View.of(gemm.a())));
    KernelOperands b = operands(gemm.b().shape(), List.of(View.of(gemm.b())));
    KernelOperands rest = operands(gemm.shape(), views.list());
    Access accessA = a.strided().getFirst();
    Access accessB = b.strided().getFirst();
    List<Access> accesses = rest.strided();
    ProductSpec spec =
        new ProductSpec(gemm.epilogue(), accessA, accessB, accesses, leaves, outputs);
    Arguments.Builder arguments =
        new Arguments.Builder()
            .integer(gemm.m())
            .integer(gemm.n())
            .integer(gemm.k())
            .integer(gemm.a().layout().stride(1) == 1 ? 1 : 0)
            .integer(gemm.b().layout().stride(0) == 1 ? 1 : 0);
    a.pass(0, accessA, arguments);
    b.pass(0, accessB, arguments);
    for (int i = 0; i < accesses.size(); i++) {
      rest.pass(i, accesses.get(i), arguments);
    }
    int tiles = Math.ceilDiv(gemm.n(), ProductSpec.TILE) * Math.ceilDiv(gemm.m(), ProductSpec.TILE);
    binding.launch(spec, Grid.line(tiles, ProductSpec.THREADS), arguments.build());
  }

  /** Input 0 is the product, the others are extras. */
  private static View view(Expr leaf, Gemm gemm) {
    return leaf instanceof Expr.Input(int index, var type)
        ? View.of(gemm.extras().get(index - 1))
        : Views.view(leaf, gemm.shape(), List.of());
  }

  private static KernelOperands operands(Shape shape, List<View> views) {
    return new KernelOperands(
        views, List.of(Axis.of(shape, 0, false, views), Axis.of(shape, 1, false, views)));
  }
}
