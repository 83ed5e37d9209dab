package nn.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import nn.backend.Backend;
import nn.backend.Buffer;
import nn.backend.Combiner;
import nn.backend.Command;
import nn.backend.Cursor;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.expr.Type;

/**
 * A step of random verbs over a few shapes: products, passes and reductions of temporaries and of
 * the backend's memory, read transposed, stretched, reshaped, sliced, gathered and by cursor, with
 * updates in place. The same seed gives the same step.
 */
final class RandomStep implements Consumer<Backend> {
  private static final Shape[] SHAPES = {
    Shape.of(4, 6), Shape.of(6, 4), Shape.of(4, 1), Shape.of(1, 6), Shape.of(24), Shape.of(4, 6, 1)
  };
  private static final int STEPS = 8;

  private final long seed;
  private final List<Operand> effects;
  private final Operand order;
  private final Operand counter;
  private final Operand log;

  private SplittableRandom random = new SplittableRandom();
  private List<Operand> values = new ArrayList<>();
  private List<Operand> integers = new ArrayList<>();

  RandomStep(Backend backend, long seed) {
    this.seed = seed;
    Buffer flat = backend.allocate(DType.F64, 112);
    Buffer other = backend.allocate(DType.F64, 24);
    effects =
        List.of(
            Operand.of(flat, Layout.contiguous(Shape.of(4, 6), 0)),
            Operand.of(flat, Layout.contiguous(Shape.of(6, 4), 32)),
            Operand.of(flat, Layout.contiguous(Shape.of(1, 6), 64)),
            Operand.of(flat, Layout.contiguous(Shape.of(4, 1), 72)),
            Operand.of(flat, Layout.contiguous(Shape.of(4, 6), 80)),
            Operand.of(other, Shape.of(24)));
    counter = Operand.of(backend.allocate(DType.I32, 1), Shape.of(1));
    order = Operand.of(backend.allocate(DType.I32, 4 * STEPS), Shape.of(4));
    log = Operand.of(backend.allocate(DType.F64, 4 * STEPS), Shape.of(4, 1));
  }

  /** Everything that outlives the step. */
  List<Buffer> state() {
    return List.of(
        effects.getFirst().buffer(),
        effects.getLast().buffer(),
        counter.buffer(),
        order.buffer(),
        log.buffer());
  }

  @Override
  public void accept(Backend backend) {
    random = new SplittableRandom(seed);
    values = new ArrayList<>(effects);
    integers = new ArrayList<>(List.of(order.movedBy(new Cursor(counter.buffer(), 4))));
    int count = random.nextInt(2, 24);
    for (int i = 0; i < count; i++) {
      run(backend, verb(backend));
    }
    for (Operand target : effects) {
      run(backend, Elementwise.of(clamped(), target, read(target.shape())));
    }
    Operand entry = log.movedBy(new Cursor(counter.buffer(), 4));
    run(backend, Elementwise.of(Expr.input(0), entry, read(entry.shape())));
    backend.run(Elementwise.of(Expr.intInput(0).add(Expr.integer(1)), counter, counter));
  }

  /** Leaves out what would break the rules on operands that share memory. */
  private static void run(Backend backend, Command command) {
    if (Sharing.isAllowed(command)) {
      backend.run(command);
    }
  }

  private Command verb(Backend backend) {
    return switch (random.nextInt(10)) {
      case 0, 1 -> gemm(backend);
      case 2, 3, 4 -> reduce(backend);
      case 5 -> Elementwise.of(Expr.constant(random.nextInt(3)), target(backend, choose(SHAPES)));
      default -> elementwise(backend);
    };
  }

  private Command gemm(Backend backend) {
    boolean tall = random.nextBoolean();
    Operand a = factor(tall ? Shape.of(6, 4) : Shape.of(4, 6));
    Operand b = factor(tall ? Shape.of(4, 6) : Shape.of(6, 4));
    return Gemm.of(a, b, target(backend, Shape.of(tall ? 6 : 4, tall ? 6 : 4)));
  }

  private Operand factor(Shape shape) {
    return choose(readings(shape).stream().filter(Operand::isPlain).toList());
  }

  private Command reduce(Backend backend) {
    Shape shape = choose(SHAPES);
    List<Integer> axes =
        random.nextInt(3) > 0
            ? List.of(shape.rank() - 1)
            : IntStream.range(0, shape.rank()).filter(i -> random.nextBoolean()).boxed().toList();
    Shape result = shape.reduced(axes.stream().mapToInt(i -> i).toArray());
    Combiner combiner = choose(Combiner.values());
    Operand output =
        combiner == Combiner.ARGMAX
            ? temporary(backend, DType.I32, result)
            : target(backend, result);
    List<Operand> inputs = List.of(read(shape), read(shape));
    return new Reduce(
        shape,
        nn.expr.Program.of(random.nextBoolean() ? Expr.input(0) : expression()),
        List.of(combiner),
        axes,
        inputs,
        List.of(output));
  }

  private Command elementwise(Backend backend) {
    Shape shape = choose(SHAPES);
    if (random.nextInt(4) == 0) {
      return labelled(backend);
    }
    boolean inPlace = random.nextInt(4) == 0;
    Operand x = inPlace ? choose(values) : read(shape);
    Operand output = inPlace ? x : target(backend, shape);
    return Elementwise.of(expression(), output, x, read(x.shape()));
  }

  /** Chosen by comparison with an integer for each row. */
  private Command labelled(Backend backend) {
    Operand label = choose(integers);
    boolean fits = label.shape().size() == 4;
    Operand column = fits ? reshaped(label, Shape.of(4, 1)) : read(Shape.of(4, 1));
    Expr chosen =
        fits
            ? Expr.select(Expr.index(1).eq(Expr.intInput(1)), Expr.input(0), Expr.ZERO)
            : Expr.input(0).add(Expr.input(1)).mul(0.5);
    Shape shape = Shape.of(4, 6);
    return Elementwise.of(chosen, target(backend, shape), read(shape), column);
  }

  private Expr expression() {
    Expr a = Expr.input(0);
    Expr b = Expr.input(1);
    return switch (random.nextInt(10)) {
      case 0 -> a.add(b).max(Expr.constant(-4)).min(Expr.constant(4));
      case 1 -> a.mul(b).tanh();
      case 2 -> Expr.select(a.lt(b), a, b).mul(0.5);
      case 3 -> a.abs().neg().exp();
      case 4 -> a.sigmoid().sub(b.tanh());
      case 5 -> Expr.position().toFloat().mul(1.0 / 32).add(a.tanh());
      case 6 -> Expr.index(0).toFloat().mul(0.25).sub(a.max(b).tanh());
      case 7 -> a.max(Expr.ZERO).min(Expr.constant(8));
      default -> clamped();
    };
  }

  private static Expr clamped() {
    return Expr.input(0).max(Expr.constant(-4)).min(Expr.constant(4));
  }

  /** New memory, sometimes only a part of it, or some that exists. */
  private Operand target(Backend backend, Shape shape) {
    return switch (random.nextInt(8)) {
      case 0 -> existing(backend, shape);
      case 1 -> part(backend, shape);
      default -> temporary(backend, DType.F64, shape);
    };
  }

  private Operand existing(Backend backend, Shape shape) {
    List<Operand> fitting = values.stream().filter(v -> v.shape().equals(shape)).toList();
    return fitting.isEmpty() ? temporary(backend, DType.F64, shape) : choose(fitting);
  }

  /** One of two blocks of a larger array, of which the other may stay zero. */
  private Operand part(Backend backend, Shape shape) {
    if (shape.rank() != 2) {
      return temporary(backend, DType.F64, shape);
    }
    int axis = random.nextInt(2);
    Shape doubled = shape.with(axis, 2 * shape.dim(axis));
    Operand whole = temporary(backend, DType.F64, doubled);
    int from = random.nextBoolean() ? 0 : shape.dim(axis);
    Operand written = whole.with(whole.layout().slice(axis, from, from + shape.dim(axis)));
    int start = random.nextInt(shape.dim(axis) + 1);
    values.add(whole.with(whole.layout().slice(axis, start, start + shape.dim(axis))));
    return written;
  }

  private Operand temporary(Backend backend, DType type, Shape shape) {
    Operand operand = Operand.of(backend.allocate(type, shape.size()), shape);
    (type.type() == Type.INT ? integers : values).add(operand);
    return operand;
  }

  /** Some value that can be read with this shape. */
  private Operand read(Shape shape) {
    return choose(readings(shape));
  }

  private List<Operand> readings(Shape shape) {
    List<Operand> readings = new ArrayList<>();
    for (Operand value : values) {
      addReadings(value, shape, readings);
    }
    return readings;
  }

  private void addReadings(Operand value, Shape shape, List<Operand> readings) {
    if (value.shape().equals(shape)) {
      readings.add(value);
      if (shape.rank() == 2 && shape.dim(0) == 4) {
        readings.add(value.gather(order.movedBy(new Cursor(counter.buffer(), 4))));
      }
    } else if (value.shape().size() == shape.size() && value.layout().isContiguous()) {
      readings.add(reshaped(value, shape));
    }
    if (value.shape().rank() == 2) {
      Operand transposed = value.with(value.layout().transpose());
      if (transposed.shape().equals(shape)) {
        readings.add(transposed);
      }
      if (shape.rank() == 2 && stretches(value.shape(), shape)) {
        readings.add(value.broadcastTo(shape));
      }
    }
  }

  private static boolean stretches(Shape from, Shape to) {
    return IntStream.range(0, 2).allMatch(i -> from.dim(i) == 1 || from.dim(i) == to.dim(i));
  }

  private static Operand reshaped(Operand operand, Shape shape) {
    Operand reshaped = Reshape.of(operand, shape);
    if (reshaped == null) {
      throw new AssertionError("contiguous, but cannot be read as " + shape);
    }
    return reshaped;
  }

  /** Rather a late one than an early one, so that values are used soon after they were made. */
  private <T> T choose(List<T> list) {
    int n = list.size();
    return list.get(Math.max(random.nextInt(n), random.nextInt(n)));
  }

  private <T> T choose(T[] array) {
    return array[random.nextInt(array.length)];
  }
}
