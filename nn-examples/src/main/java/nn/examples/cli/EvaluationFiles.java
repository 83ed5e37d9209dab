package nn.examples.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nn.data.Dataset;
import nn.examples.chart.ConfusionChart;
import nn.examples.chart.MistakeSheet;
import nn.examples.report.JsonFile;
import nn.metric.ConfusionMatrix;
import nn.train.Evaluation;
import nn.train.Mistake;

/**
 * What an evaluation leaves behind.
 *
 * @param model the file judged
 * @param test the data judged by
 */
record EvaluationFiles(Path model, Evaluation evaluation, Dataset test) {
  private static final int WORST = 10;

  /** What {@code evaluation.json} holds; a row of the matrix is an actual class. */
  private record Content(
      String model,
      String dataset,
      int examples,
      double accuracy,
      double loss,
      List<String> classes,
      List<List<Integer>> confusion,
      List<Double> precision,
      List<Double> recall,
      List<Mistake> mistakes) {}

  /** Writes all files into a folder. A picture that cannot be drawn is left out, with a warning. */
  void write(Path folder, PrintWriter warnings) throws IOException {
    ConfusionMatrix matrix = evaluation.confusion();
    Content content =
        new Content(
            model.toString(),
            test.name(),
            test.size(),
            matrix.accuracy(),
            evaluation.loss(),
            test.classNames(),
            classes()
                .mapToObj(actual -> classes().mapToObj(p -> matrix.count(actual, p)).toList())
                .toList(),
            classes().mapToObj(matrix::precision).toList(),
            classes().mapToObj(matrix::recall).toList(),
            evaluation.mistakes());
    try (Pictures pictures = new Pictures()) {
      pictures.draw("confusion.png", () -> ConfusionChart.png(matrix, test.classNames()));
      if (!evaluation.mistakes().isEmpty()) {
        pictures.draw("mistakes.png", () -> MistakeSheet.png(test, evaluation.mistakes()));
      }
      JsonFile.write(folder.resolve("evaluation.json"), content);
      pictures.write(folder, warnings);
    }
  }

  private IntStream classes() {
    return IntStream.range(0, test.classes());
  }

  /** Says the result: accuracy, the matrix, the worst mistakes. */
  void print(Terminal terminal) {
    ConfusionMatrix matrix = evaluation.confusion();
    terminal.say(
        "accuracy %.4f, loss %.4f on %,d images of %s",
        matrix.accuracy(), evaluation.loss(), test.size(), test.name());
    int width =
        test.classNames().stream().mapToInt(String::length).max().orElse(0)
            + String.valueOf(test.size()).length();
    String cell = "%" + (width + 1) + "s";
    terminal.say("%nrows: actual, columns: taken for");
    terminal.say("%s", row(cell, "", test.classNames()) + " recall");
    classes()
        .forEach(actual ->
            terminal.say(
                "%s %.4f",
                row(
                    cell,
                    test.classNames().get(actual),
                    classes().mapToObj(p -> String.valueOf(matrix.count(actual, p))).toList()),
                matrix.recall(actual)));
    if (!evaluation.mistakes().isEmpty()) {
      terminal.say("%nworst of %,d mistakes", evaluation.mistakes().size());
    }
    evaluation.mistakes().stream()
        .limit(WORST)
        .forEach(mistake ->
            terminal.say(
                "image %d: %s %.4f, taken for %s %.4f",
                mistake.index(),
                test.classNames().get(mistake.label()),
                mistake.ofLabel(),
                test.classNames().get(mistake.predicted()),
                mistake.ofPredicted()));
  }

  private static String row(String cell, String head, List<String> cells) {
    return cell.formatted(head) + cells.stream().map(cell::formatted).collect(Collectors.joining());
  }
}
