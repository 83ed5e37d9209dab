package nn.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import nn.backend.Backend;
import nn.backend.Buffer;
import nn.backend.Combiner;
import nn.backend.Cursor;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.Shape;
import nn.expr.Expr;
import nn.expr.Program;

/**
 * A training step of a multilayer perceptron as a tape emits it, one naive verb after another: a
 * batch gathered from pixels, affine layers with ReLU, softmax cross entropy of labels, gradients
 * into temporaries that are then copied to flat storage, Adam.
 */
final class MlpStep implements Consumer<Backend> {
  private static final Expr X = Expr.input(0);
  private static final Expr Y = Expr.input(1);
  private static final Expr Z = Expr.input(2);

  private final DType type;
  private final int batch;
  private final int[] widths;
  private final List<Layout> weights = new ArrayList<>();
  private final List<Layout> biases = new ArrayList<>();
  private final int parameterCount;
  private final Operand images;
  private final Operand labels;
  private final Operand order;
  private final Operand rate;
  private final Operand loss;
  private final Operand counter;

  /** Parameters, their gradients, and Adam's two means. */
  private final List<Operand> state = new ArrayList<>();

  MlpStep(Backend backend, DType type, int batch, int examples, int steps, int... widths) {
    this.type = type;
    this.batch = batch;
    this.widths = widths;
    int end = 0;
    for (int i = 0; i + 1 < widths.length; i++) {
      weights.add(Layout.contiguous(Shape.of(widths[i], widths[i + 1]), end));
      end += widths[i] * widths[i + 1];
    }
    for (int i = 0; i + 1 < widths.length; i++) {
      biases.add(Layout.contiguous(Shape.of(widths[i + 1]), end));
      end += widths[i + 1];
    }
    parameterCount = end;
    images = array(backend, DType.U8, examples, widths[0]);
    labels = array(backend, DType.I32, examples);
    counter = array(backend, DType.I32, 1);
    order = first(array(backend, DType.I32, steps * batch), batch);
    rate = first(array(backend, type, steps), 1);
    loss = first(array(backend, type, steps), 1);
    for (int i = 0; i < 4; i++) {
      state.add(array(backend, type, parameterCount));
    }
  }

  private static Operand array(Backend backend, DType type, int... dims) {
    Shape shape = Shape.of(dims);
    return Operand.of(backend.allocate(type, shape.size()), shape);
  }

  private Operand first(Operand all, int count) {
    Cursor step = new Cursor(counter.buffer(), count);
    return all.with(all.layout().slice(0, 0, count)).movedBy(step);
  }

  /** Everything that the step may change, and what it reads. */
  List<Buffer> memory() {
    List<Buffer> all = new ArrayList<>();
    for (Operand o : List.of(images, labels, order, counter, rate, loss)) {
      all.add(o.buffer());
    }
    state.forEach(o -> all.add(o.buffer()));
    return all;
  }

  Buffer losses() {
    return loss.buffer();
  }

  /** Random values in range for each array; parameters and rates are small. */
  void randomize(Backend backend, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Values.write(backend, images, () -> random.nextInt(256));
    Values.write(backend, labels, () -> random.nextInt(widths[widths.length - 1]));
    Values.write(backend, order, () -> random.nextInt(labels.buffer().length()));
    Values.write(backend, rate, () -> 0.01);
    Values.write(backend, state.getFirst(), () -> 0.2 * random.nextDouble() - 0.1);
  }

  @Override
  public void accept(Backend backend) {
    new Run(backend).step();
  }

  private final class Run {
    private final Backend backend;

    Run(Backend backend) {
      this.backend = backend;
    }

    void step() {
      Operand x = map(X.mul(1 / 255.0), Shape.of(batch, widths[0]), images.gather(order));
      Operand label = temporary(DType.I32, Shape.of(batch));
      backend.run(Elementwise.of(Expr.intInput(0), label, labels.gather(order)));
      List<Operand> activations = new ArrayList<>(List.of(x));
      int last = weights.size() - 1;
      for (int i = 0; i <= last; i++) {
        Operand z = affine(activations.getLast(), i);
        activations.add(i < last ? map(X.max(Expr.ZERO), z.shape(), z) : z);
      }
      Operand gradient = lossGradient(activations.getLast(), label);
      for (int i = last; i >= 0; i--) {
        gradient = backward(gradient, activations.get(i), i);
      }
      adam();
      Expr next = Expr.intInput(0).add(Expr.integer(1));
      backend.run(Elementwise.of(next, counter, counter));
    }

    private Operand affine(Operand x, int layer) {
      Operand product = matmul(x, state.getFirst().with(weights.get(layer)));
      return map(X.add(Y), product.shape(), product, state.getFirst().with(biases.get(layer)));
    }

    private Operand lossGradient(Operand logits, Operand label) {
      Shape shape = logits.shape();
      Operand column = label.with(Layout.contiguous(Shape.of(batch, 1), 0));
      Expr hit = Expr.index(1).eq(Expr.intInput(1));
      Operand max = reduce(Combiner.MAX, X, 1, logits);
      Operand sum = reduce(Combiner.SUM, X.sub(Y).exp(), 1, logits, max);
      Operand logSum = map(X.log().add(Y), sum.shape(), sum, max);
      Operand picked = reduce(Combiner.SUM, Expr.select(hit, X, Expr.ZERO), 1, logits, column);
      Operand losses = map(X.sub(Y), sum.shape(), logSum, picked);
      Operand mean = reduce(Combiner.SUM, X.mul(1.0 / batch), 0, losses);
      backend.run(Elementwise.of(X, loss, mean.with(Layout.contiguous(Shape.of(1), 0))));

      Operand one = map(Expr.ONE, Shape.of());
      Operand share = map(X.mul(1.0 / batch), Shape.of(batch, 1), one);
      Operand target = map(Expr.select(hit, X.neg(), Expr.ZERO), shape, share, column);
      Operand softmax = map(X.sub(Y).exp().mul(Z), shape, logits, logSum, share);
      return map(X.add(Y), shape, softmax, target);
    }

    private Operand backward(Operand gradient, Operand input, int layer) {
      Operand gradients = state.get(1);
      Operand bias = reduce(Combiner.SUM, X, 0, gradient);
      Operand flatBias = bias.with(Layout.contiguous(biases.get(layer).shape(), 0));
      backend.run(Elementwise.of(X, gradients.with(biases.get(layer)), flatBias));
      Operand transposed = input.with(input.layout().transpose());
      Operand weight = matmul(transposed, gradient);
      backend.run(Elementwise.of(X, gradients.with(weights.get(layer)), weight));
      if (layer == 0) {
        return gradient;
      }
      Layout back = weights.get(layer).transpose();
      Operand upstream = matmul(gradient, state.getFirst().with(back));
      return map(Expr.select(Y.gt(Expr.ZERO), X, Expr.ZERO), input.shape(), upstream, input);
    }

    private void adam() {
      Expr g = Expr.input(1);
      Expr m = Expr.input(2).add(g.sub(Expr.input(2)).mul(0.1));
      Expr v = Expr.input(3).add(g.square().sub(Expr.input(3)).mul(0.001));
      Expr w = X.sub(Expr.input(4).mul(m).div(v.sqrt().add(1e-7)));
      List<Operand> inputs = new ArrayList<>(state);
      inputs.add(rate.broadcastTo(Shape.of(parameterCount)));
      List<Operand> outputs = List.of(state.get(0), state.get(2), state.get(3));
      backend.run(new Elementwise(Shape.of(parameterCount), Program.of(w, m, v), inputs, outputs));
    }

    private Operand temporary(DType of, Shape shape) {
      return Operand.of(backend.allocate(of, shape.size()), shape);
    }

    private Operand map(Expr expr, Shape shape, Operand... inputs) {
      Operand output = temporary(type, shape);
      backend.run(Elementwise.of(expr, output, inputs));
      return output;
    }

    private Operand matmul(Operand a, Operand b) {
      Operand output = temporary(type, Shape.of(a.shape().dim(0), b.shape().dim(1)));
      backend.run(Gemm.of(a, b, output));
      return output;
    }

    private Operand reduce(Combiner combiner, Expr expr, int axis, Operand... inputs) {
      Shape shape = inputs[0].shape();
      Operand output = temporary(type, shape.reduced(axis));
      List<Operand> stretched = List.of(inputs).stream().map(o -> o.broadcastTo(shape)).toList();
      backend.run(
          new Reduce(
              shape,
              Program.of(expr),
              List.of(combiner),
              List.of(axis),
              stretched,
              List.of(output)));
      return output;
    }
  }
}
