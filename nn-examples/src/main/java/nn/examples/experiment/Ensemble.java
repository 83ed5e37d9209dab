package nn.examples.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nn.backend.DType;
import nn.data.Mnist;
import nn.examples.report.Report;
import nn.examples.report.Table;
import nn.init.Initializers;
import nn.layer.Layer;
import nn.layer.Softmax;
import nn.loss.Losses;
import nn.optim.Adam;
import nn.tensor.Parameter;
import nn.tensor.Parameters;
import nn.tensor.Scope;
import nn.tensor.Tensor;
import nn.train.DeviceDataset;
import nn.train.Evaluator;
import nn.train.Trainer;
import nn.train.TrainerOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Several networks, each from its own seed, vote: their mean knows more than any one. */
@Command(
    name = "ensemble",
    description = "Averaged predictions of several networks against each one alone.")
public final class Ensemble implements Experiment {
  private static final int BATCH = 128;
  private static final double LEARNING_RATE = 0.001;

  @Option(
      names = "--nets",
      paramLabel = "N",
      defaultValue = "5",
      description = "How many networks (default: ${DEFAULT-VALUE}).")
  private int count = 5;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "3",
      description = "Passes over the data of each (default: ${DEFAULT-VALUE}).")
  private int epochs = 3;

  /** An ensemble is a layer, too: the mean of its members' probabilities. */
  private record Mean(List<Layer> members) implements Layer {
    @Override
    public Tensor forward(Tensor x, Scope scope) {
      Layer softmax = new Softmax();
      return members.stream()
          .map(member -> softmax.forward(member.forward(x, scope), scope))
          .reduce(Tensor::add)
          .orElseThrow()
          .mul(1.0 / members.size());
    }

    @Override
    public List<Parameter> parameters() {
      return members.stream().flatMap(member -> member.parameters().stream()).toList();
    }
  }

  @Override
  public void check() {
    Options.atLeast(1, "--nets", count);
    Options.atLeast(1, "--epochs", epochs);
  }

  @Override
  public void run(Lab lab, Report report) throws IOException {
    Mnist mnist = lab.mnist();
    List<Layer> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      members.add(Nets.deep(2, Initializers.he()));
    }
    Mean ensemble = new Mean(members);
    List<Double> alone = new ArrayList<>();
    double together;
    try (Parameters all =
            new Parameters(lab.backend(), DType.F32, ensemble.parameters(), lab.seed());
        DeviceDataset test = new DeviceDataset(lab.backend(), mnist.test());
        Evaluator evaluator = new Evaluator(all, ensemble, test)) {
      for (int i = 0; i < count; i++) {
        alone.add(train(lab, mnist, members.get(i), i, all));
      }
      together = evaluator.accuracy();
    }
    report(report, alone, together);
  }

  /** Trains one network and puts what it learnt beside the others'. */
  private double train(Lab lab, Mnist mnist, Layer net, int number, Parameters all) {
    var options = TrainerOptions.of(BATCH, epochs, lab.seed() + number, new Adam(), LEARNING_RATE);
    try (Trainer trainer = new Trainer(lab.backend(), net, Losses::softmaxCrossEntropy, options)) {
      trainer.fit(mnist.train(), null, List.of(lab.watch("net " + (number + 1))));
      net.parameters().forEach(p -> all.write(p, trainer.parameters().read(p)));
      return trainer.accuracy(mnist.test());
    }
  }

  private static void report(Report report, List<Double> alone, double together) {
    Table table = new Table("network", "test accuracy");
    for (int i = 0; i < alone.size(); i++) {
      table.row("number " + (i + 1), "%.4f".formatted(alone.get(i)));
    }
    double mean = alone.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    table.row("mean of these", "%.4f".formatted(mean));
    table.row("ensemble of them", "%.4f".formatted(together));
    report.table(table);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("alone", alone);
    result.put("meanOfAlone", mean);
    result.put("ensemble", together);
    report.result(result);
  }
}
