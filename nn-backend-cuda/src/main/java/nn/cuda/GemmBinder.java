package nn.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Operand;
import nn.cuda.blas.Blas;
import nn.cuda.blas.Matrix;
import nn.expr.Expr;
import nn.expr.Program;

/**
 * Makes launches of matrix products: of small ones our own kernel with the epilogue in it; of
 * others cuBLAS multiplies, and an elementwise pass does the epilogue.
 */
final class GemmBinder {
  private final Gemm gemm;
  private final Binding binding;
  private final Blas blas;

  private GemmBinder(Gemm gemm, Binding binding, Blas blas) {
    this.gemm = gemm;
    this.binding = binding;
    this.blas = blas;
  }

  /**
   * Binds a product.
   *
   * @param mostFused multiplications up to which a product is small
   */
  static void bind(Gemm gemm, Binding binding, Blas blas, long mostFused) {
    if (gemm.shape().size() == 0) {
      return;
    }
    if (!gemm.isPlain()) {
      Operand copy = binding.scratch(gemm.a().type(), gemm.a().shape());
      ElementwiseBinder.bind(Elementwise.of(Expr.input(0), copy, gemm.a()), binding);
      bind(gemm.unfolded(copy), binding, blas, mostFused);
    } else if (ProductBinder.suits(gemm, mostFused)) {
      ProductBinder.bind(gemm, binding);
    } else {
      new GemmBinder(gemm, binding, blas).bind();
    }
  }

  private void bind() {
    Operand product = place();
    Matrix target = Matrix.of(product).orElseThrow();
    boolean narrow = gemm.a().type() == DType.BF16 && gemm.b().type() == DType.BF16;
    Matrix a = factor(gemm.a(), narrow);
    Matrix b = factor(gemm.b(), narrow);
    Runnable multiply = blas.product(a, b, target, gemm.m(), gemm.n(), gemm.k());
    binding.launch(multiply::run);
    if (!gemm.epilogue().equals(Gemm.IDENTITY) || product != gemm.outputs().getFirst()) {
      epilogue(gemm.epilogue(), product);
    }
  }

  private void epilogue(Program program, Operand product) {
    List<Operand> inputs = new ArrayList<>(gemm.extras());
    inputs.addFirst(product);
    ElementwiseBinder.bind(gemm.shape(), program, inputs, gemm.outputs(), binding);
  }

  /** A factor as BLAS reads it, copied if need be; both have one type. */
  private Matrix factor(Operand operand, boolean narrow) {
    DType type = narrow ? DType.BF16 : DType.F32;
    Optional<Matrix> asItIs = operand.type() == type ? Matrix.of(operand) : Optional.empty();
    return asItIs.orElseGet(() -> {
      Operand copy = binding.scratch(type, operand.shape());
      ElementwiseBinder.bind(Elementwise.of(Expr.input(0), copy, operand), binding);
      return Matrix.of(copy).orElseThrow();
    });
  }

  /**
   * Where the product goes: into an output, if BLAS can write it and the epilogue reads nothing
   * there.
   */
  private Operand place() {
    return gemm.outputs().stream()
        .filter(output -> output.type() == DType.F32 && Matrix.of(output).isPresent())
        .filter(this::isNoExtra)
        .findFirst()
        .orElseGet(() -> binding.scratch(DType.F32, gemm.shape()));
  }

  private boolean isNoExtra(Operand output) {
    return gemm.extras().stream().noneMatch(output::mayMeet);
  }
}
