package nn.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import nn.examples.experiment.Experiment;
import nn.examples.experiment.Experiments;
import nn.examples.report.IndexPage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nn example all}: every experiment, and a page that shows them. */
@Command(
    name = "all",
    description = "Runs every example, and writes a page with all tables and pictures, index.html.",
    sortOptions = false,
    usageHelpAutoWidth = true)
final class AllExamplesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ExampleOptions options;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      description = "Only the examples of these names, such as losses,overfit.")
  private @Nullable Set<String> only;

  private final Terminal terminal;
  private final MnistSupply supply;

  AllExamplesCommand(Terminal terminal, MnistSupply supply) {
    this.terminal = terminal;
    this.supply = supply;
  }

  /**
   * An experiment with its options.
   *
   * @param id of its folder and its place on the page
   */
  private record Entry(String id, String name, Experiment experiment, List<String> arguments) {
    String command() {
      return String.join(" ", "./nn example", name, String.join(" ", arguments)).strip();
    }
  }

  /** Each with its defaults; overfitting is also shown with what helps against it. */
  private static List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    for (Supplier<Experiment> experiment : Experiments.all()) {
      Entry plain = entry(experiment.get(), "");
      entries.add(plain);
      if (plain.name().equals("overfit")) {
        entries.add(entry(experiment.get(), "-weight-decay", "--weight-decay", "0.1"));
        entries.add(entry(experiment.get(), "-dropout", "--dropout", "0.15"));
      }
    }
    return entries;
  }

  private static Entry entry(Experiment experiment, String suffix, String... arguments) {
    CommandLine line = new CommandLine(experiment);
    line.parseArgs(arguments);
    String name = line.getCommandName();
    return new Entry(name + suffix, name, experiment, List.of(arguments));
  }

  @Override
  public Integer call() throws IOException {
    List<Entry> entries = chosen(new Usage(spec));
    return options.run(spec, terminal, supply, (runner, folder) -> run(entries, runner, folder));
  }

  private boolean run(List<Entry> entries, ExampleRunner runner, RunFolder folder)
      throws IOException {
    List<IndexPage.Section> sections = new ArrayList<>();
    for (Entry entry : entries) {
      run(entry, runner, folder, sections);
    }
    writePage(runner.device(), sections, folder);
    terminal.say("%nresults in %s; see index.html there", folder.path());
    return sections.size() == entries.size();
  }

  private List<Entry> chosen(Usage usage) {
    List<Entry> all = entries();
    Set<String> wanted = only;
    if (wanted == null) {
      return all;
    }
    Set<String> names = new TreeSet<>(all.stream().map(Entry::name).toList());
    for (String name : wanted) {
      usage.require(names.contains(name), "--only", name, "among " + String.join(", ", names));
    }
    return all.stream().filter(entry -> wanted.contains(entry.name())).toList();
  }

  /** One that fails does not keep the others from running. */
  private void run(
      Entry entry, ExampleRunner runner, RunFolder parent, List<IndexPage.Section> sections) {
    terminal.say("%n%s", entry.command());
    try {
      RunFolder folder = RunFolder.prepare(parent.path().resolve(entry.id()), entry.id());
      IndexPage.Section section =
          runner.run(entry.experiment(), entry.id(), entry.command(), folder);
      sections.add(section);
      terminal.say("  %.1f s", section.seconds());
    } catch (IOException | RuntimeException e) {
      Failures.report(e, spec.commandLine());
    }
  }

  private void writePage(String device, List<IndexPage.Section> sections, RunFolder folder)
      throws IOException {
    double seconds = sections.stream().mapToDouble(IndexPage.Section::seconds).sum();
    List<String> facts =
        List.of(device, "seed %d, %.0f seconds in all".formatted(options.seed(), seconds));
    String page = IndexPage.html("The experiments", facts, sections);
    folder.write(staging -> Files.writeString(staging.resolve("index.html"), page));
  }
}
