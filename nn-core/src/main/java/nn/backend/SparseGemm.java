package nn.backend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import nn.expr.Expr;
import nn.expr.Program;

/**
 * A product with a sparse factor, as max pooling leaves one behind: of the candidates of a window
 * one was chosen, for each channel another, and only the chosen ones have values.
 *
 * <pre>
 *   S[w, t, d] = values[w, d] where choices[w, d] is t, else 0
 *   GATHER:   matrix[k, d]  = sum over w, t     of view[w, t, k] S[w, t, d]
 *   SCATTER:  view[w, t, k] + sum over d        of S[w, t, d] matrix[k, d]
 * </pre>
 *
 * <p>The view shows elements of the images, perhaps several times: a gather reads them, and a
 * scatter adds up in each element of the images what belongs to it, beginning with 0. What comes
 * out is left open where a factor is not finite.
 *
 * <p>Running {@link #stages} is right; a backend that {@link Backend#prefersSparse} does less.
 *
 * @param direction what is the result: the matrix or the images
 * @param images without gaps; their first axis is the first of w
 * @param view [w..., t..., k...] over the memory of the images. It shows no element twice where all
 *     coordinates of k but the last are the same.
 * @param values [w..., d]
 * @param choices [w..., d] integers, each the row-major number of a candidate; what comes of a
 *     number that no candidate has is left open
 * @param matrix [k..., d] without gaps
 */
public record SparseGemm(
    Direction direction,
    Operand images,
    Operand view,
    Operand values,
    Operand choices,
    Operand matrix)
    implements Command {

  /** What is computed. */
  public enum Direction {
    /** The matrix: the gradient of a convolution's weights. */
    GATHER,
    /** The images: the gradient of a convolution's images. */
    SCATTER
  }

  public SparseGemm {
    for (Operand operand : List.of(images, view, values, choices, matrix)) {
      Checks.require(operand.isPlain(), "a sparse product takes plain operands, not %s", operand);
    }
    boolean dense = images.layout().isContiguous() && matrix.layout().isContiguous();
    Checks.require(dense, "images and matrix of a sparse product have no gaps");
    Checks.require(view.buffer() == images.buffer(), "the view is one of the images");
    Checks.shape("the choices", choices, values.shape());
    int windowAxes = values.shape().rank() - 1;
    int termAxes = matrix.shape().rank() - 1;
    int[] dims = view.shape().dims();
    boolean fits =
        windowAxes > 0
            && termAxes > 0
            && dims.length >= windowAxes + termAxes
            && matrix.shape().dim(-1) == values.shape().dim(-1)
            && images.shape().dim(0) == dims[0]
            && Arrays.equals(dims, 0, windowAxes, values.shape().dims(), 0, windowAxes)
            && Arrays.equals(
                dims, dims.length - termAxes, dims.length, matrix.shape().dims(), 0, termAxes);
    Checks.require(
        fits,
        "no sparse product of images %s seen as %s, values %s and matrix %s",
        images.shape(),
        view.shape(),
        values.shape(),
        matrix.shape());
  }

  /** How many axes of the view count windows. */
  public int windowAxes() {
    return values.shape().rank() - 1;
  }

  /** How many axes of the view, the last ones, count terms. */
  public int termAxes() {
    return matrix.shape().rank() - 1;
  }

  /** Columns of the matrix. */
  public int channels() {
    return matrix.shape().dim(-1);
  }

  /** Rows of the matrix. */
  public int terms() {
    return matrix.shape().size() / Math.max(1, channels());
  }

  @Override
  public List<Operand> inputs() {
    return direction == Direction.GATHER
        ? List.of(view, values, choices)
        : List.of(values, choices, matrix);
  }

  @Override
  public List<Operand> outputs() {
    return List.of(direction == Direction.GATHER ? matrix : images);
  }

  /** The same as commands without a sparse factor, slow, and without memory of their own. */
  public List<Command> stages() {
    return direction == Direction.GATHER ? List.of(gathering()) : scattering();
  }

  /** One sum over the space [w..., t..., k..., d]. */
  private Reduce gathering() {
    int rank = view.shape().rank();
    int candidates = rank - windowAxes() - termAxes();
    int[] dims = Arrays.copyOf(view.shape().dims(), rank + 1);
    dims[rank] = channels();
    Shape space = Shape.of(dims);
    int[] summed = IntStream.range(0, windowAxes() + candidates).toArray();
    Layout seen = view.layout();
    int[] strides = Arrays.copyOf(seen.strides(), rank + 1);
    Operand pixels = view.with(Layout.of(space, strides, seen.offset()));
    Operand target = matrix.with(reshaped(matrix.layout(), space.reduced(summed)));
    return new Reduce(
        space,
        Program.of(product(Expr.input(0))),
        List.of(Combiner.SUM),
        IntStream.of(summed).boxed().toList(),
        List.of(
            pixels,
            values.with(stretched(values.layout(), space)),
            choices.with(stretched(choices.layout(), space))),
        List.of(target));
  }

  /** Zeros, to which what belongs to each channel and term is added, one after another. */
  private List<Command> scattering() {
    List<Command> commands = new ArrayList<>();
    commands.add(Elementwise.of(Expr.ZERO, images));
    int[] outer = Arrays.copyOf(matrix.shape().dims(), termAxes() - 1);
    int firstTerm = view.shape().rank() - termAxes();
    int count = Shape.of(outer).size();
    for (int term = 0; term < count; term++) {
      Layout seen = view.layout();
      Layout weights = matrix.layout();
      int rest = term;
      for (int axis = outer.length - 1; axis >= 0; axis--) {
        seen = seen.select(firstTerm + axis, rest % outer[axis]);
        weights = weights.select(axis, rest % outer[axis]);
        rest /= outer[axis];
      }
      for (int channel = 0; channel < channels(); channel++) {
        commands.add(scattering(view.with(seen), weights.select(1, channel), channel));
      }
    }
    return commands;
  }

  /** Over [w..., t..., last axis of k]. */
  private Command scattering(Operand seen, Layout weights, int channel) {
    Shape space = seen.shape();
    Layout of = values.layout().slice(windowAxes(), channel, channel + 1);
    Layout chosen = choices.layout().slice(windowAxes(), channel, channel + 1);
    return Elementwise.of(
        Expr.input(0).add(product(Expr.input(3))),
        seen,
        seen,
        values.with(stretched(of, space)),
        choices.with(stretched(chosen, space)),
        matrix.with(weights.broadcastTo(space)));
  }

  /** What is multiplied with S, whose values and choices are the inputs 1 and 2. */
  private Expr product(Expr factor) {
    Expr number = Expr.integer(0);
    for (int axis = windowAxes(); axis < view.shape().rank() - termAxes(); axis++) {
      number = number.mul(Expr.integer(view.shape().dim(axis))).add(Expr.index(axis));
    }
    return Expr.select(Expr.intInput(2).eq(number), factor.mul(Expr.input(1)), Expr.ZERO);
  }

  /** [w..., d] over a space [w..., others, d]. */
  private Layout stretched(Layout layout, Shape space) {
    int[] strides = new int[space.rank()];
    for (int axis = 0; axis < windowAxes(); axis++) {
      strides[axis] = layout.stride(axis);
    }
    strides[strides.length - 1] = layout.shape().dim(-1) == 1 ? 0 : layout.stride(-1);
    return Layout.of(space, strides, layout.offset());
  }

  private static Layout reshaped(Layout dense, Shape shape) {
    return Layout.contiguous(shape, dense.offset());
  }
}
