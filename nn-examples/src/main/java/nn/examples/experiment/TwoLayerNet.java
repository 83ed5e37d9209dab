package nn.examples.experiment;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import nn.backend.Backend;
import nn.backend.Buffer;
import nn.backend.Cursor;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.data.Batches;
import nn.data.Mnist;
import nn.examples.chart.Axes;
import nn.examples.chart.Curves;
import nn.examples.chart.Palette;
import nn.examples.chart.Picture;
import nn.examples.chart.Style;
import nn.examples.report.Report;
import nn.examples.report.Table;
import nn.expr.Expr;
import nn.init.Initializers;
import nn.layer.Activations;
import nn.layer.Layer;
import nn.layer.Models;
import nn.loss.Losses;
import nn.optim.Sgd;
import nn.plan.Plan;
import nn.tensor.Mode;
import nn.tensor.Parameters;
import nn.tensor.Scope;
import nn.tensor.Tensor;
import nn.train.Batch;
import nn.train.DeviceDataset;
import nn.train.Evaluator;
import nn.train.ParameterUpdate;
import org.knowm.xchart.style.Styler.LegendPosition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The first network: 784-50-10 learns to read digits. The training loop is written out here; the
 * other experiments leave it to {@link nn.train.Trainer}.
 */
@Command(
    name = "two-layer-net",
    description = "784-50-10 with sigmoid learns MNIST by SGD; the training loop written out.")
public final class TwoLayerNet implements Experiment {
  private static final int BATCH = 100;
  private static final int EVALUATE_EVERY = 600;
  private static final double LEARNING_RATE = 0.1;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Updates, each with 100 images (default: ${DEFAULT-VALUE}).")
  private int steps = 10_000;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Result(List<Double> trainAccuracy, List<Double> testAccuracy, float[] loss) {}

  @Override
  public void check() {
    Options.atLeast(1, "--steps", steps);
  }

  @Override
  public void run(Lab lab, Report report) throws IOException {
    Mnist mnist = lab.mnist();
    Layer net =
        Models.mlp(784, new int[] {50}, 10, Activations::sigmoid, Initializers.normal(0.01));
    Result result = train(lab, net, mnist);
    report.table(
        new Table("accuracy", "training", "test")
            .row(
                "after the first step",
                percent(result.trainAccuracy().getFirst()),
                percent(result.testAccuracy().getFirst()))
            .row(
                "at the last measurement",
                percent(result.trainAccuracy().getLast()),
                percent(result.testAccuracy().getLast())));
    report.picture("loss.png", "The loss after each update", () -> lossPicture(result));
    report.picture(
        "accuracy.png", "Accuracy on all images, every 600 steps", () -> accuracyPicture(result));
    report.result(result);
  }

  private Result train(Lab lab, Layer net, Mnist mnist) {
    Backend backend = lab.backend();
    List<Double> trainAccuracy = new ArrayList<>();
    List<Double> testAccuracy = new ArrayList<>();
    try (Parameters parameters = new Parameters(backend, DType.F32, net.parameters(), lab.seed());
        ParameterUpdate update = new ParameterUpdate(parameters, new Sgd());
        DeviceDataset train = new DeviceDataset(backend, mnist.train());
        DeviceDataset test = new DeviceDataset(backend, mnist.test());
        Evaluator onTrain = new Evaluator(parameters, net, train);
        Evaluator onTest = new Evaluator(parameters, net, test);
        Scope memory = new Scope(backend, parameters, Mode.EVALUATE)) {

      // On the device: a counter, which images each step sees, the learning rate, the losses.
      int[] draws = new Batches(mnist.train().size(), BATCH).epochDraws(lab.seed(), 0, steps);
      Operand counter = memory.integers(Shape.of(1), 0).operand();
      Operand order = memory.integers(Shape.of(draws.length), draws).operand();
      Operand rate = memory.constant(Shape.of(1), LEARNING_RATE).operand();
      Operand losses = memory.constant(Shape.of(steps), new double[steps]).operand();
      Operand images = moving(order, BATCH, counter.buffer());
      Operand loss = moving(losses, 1, counter.buffer());

      // One step, recorded once: what moves with the counter is another place in each replay.
      try (Plan step =
          Plan.record(
              backend,
              recorder -> {
                try (Scope scope = new Scope(recorder, parameters, Mode.TRAIN)) {
                  scope.backward(loss(net, train.gather(scope, images), scope));
                  update.apply(scope, i -> rate);
                }
                try (Scope scope = new Scope(recorder, parameters, Mode.EVALUATE)) {
                  Tensor after = loss(net, train.gather(scope, images), scope);
                  scope.copyInto(after.reshape(1), loss);
                  Expr next = Expr.intInput(0).add(Expr.integer(1));
                  scope.run(Elementwise.of(next, counter, counter));
                }
              })) {
        for (int done = 0; done < steps; ) {
          int count = done == 0 ? 1 : Math.min(EVALUATE_EVERY, steps - done);
          step.run(count);
          done += count;
          if (done % EVALUATE_EVERY == 1) {
            trainAccuracy.add(onTrain.accuracy());
            testAccuracy.add(onTest.accuracy());
            String detail = "test accuracy %.4f".formatted(testAccuracy.getLast());
            lab.status().show("two-layer-net", done, steps, detail);
          }
        }
      }
      float[] history = new float[steps];
      backend.read(losses.buffer(), 0, MemorySegment.ofArray(history));
      return new Result(trainAccuracy, testAccuracy, history);
    }
  }

  private static Tensor loss(Layer net, Batch batch, Scope scope) {
    return Losses.softmaxCrossEntropy(net.forward(batch.input(), scope), batch.target());
  }

  /** As many elements as a step needs; the next step's follow. */
  private static Operand moving(Operand all, int count, Buffer counter) {
    return all.with(Layout.contiguous(Shape.of(count), 0)).movedBy(new Cursor(counter, count));
  }

  private static byte[] lossPicture(Result result) throws IOException {
    double[] loss = new double[result.loss().length];
    for (int i = 0; i < loss.length; i++) {
      loss[i] = result.loss()[i];
    }
    return Picture.of(
        new Axes(Axes.Size.WIDE, "Loss of 784-50-10 on its batches", "step", "loss")
            .curve("after each update", 0, loss, Style.thin(Palette.PALE_BLUE))
            .curve("smoothed", 0, Curves.smooth(loss), Style.thin(Palette.BLUE))
            .counts(0, loss.length - 1)
            .fromZero()
            .legend(LegendPosition.InsideNE));
  }

  private static byte[] accuracyPicture(Result result) throws IOException {
    return Picture.of(
        new Axes(Axes.Size.WIDE, "Accuracy of 784-50-10", "epoch of 600 steps", "accuracy")
            .curve("training", 0, array(result.trainAccuracy()), Style.dotted(Palette.TRAIN))
            .curve("test", 0, array(result.testAccuracy()), Style.dashed(Palette.TEST))
            .counts(0, result.trainAccuracy().size() - 1)
            .y(0, 1)
            .legend(LegendPosition.InsideSE));
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static String percent(double share) {
    return "%.4f".formatted(share);
  }
}
