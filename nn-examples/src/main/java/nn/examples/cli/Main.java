package nn.examples.cli;

import java.io.Console;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import nn.bench.BenchCommand;
import nn.data.Mnist;
import nn.examples.chart.BenchFigures;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line. Exit codes: 0 done, 1 failure while running, 2 wrong use. */
@Command(
    name = "nn",
    description = "Trains neural networks on the JVM, at native speed.",
    subcommands = {
      TrainCommand.class,
      PredictCommand.class,
      EvaluateCommand.class,
      ExportCommand.class,
      BackendsCommand.class,
      DoctorCommand.class,
      VerifyCommand.class,
      FetchCommand.class,
      ExampleCommand.class,
      BenchCommand.class
    },
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Start with:  nn train mnist",
      "More:        nn COMMAND --help",
      "Exit codes: 0 done, 1 failure while running, 2 wrong use."
    })
public final class Main {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help and exit.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version and exit.")
  boolean version;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Say more, and show where a failure happened.")
  private boolean verbose;

  private final long startNanos = System.nanoTime();

  private Main() {}

  /** {@link System#nanoTime} when this program's own code began. */
  long startNanos() {
    return startNanos;
  }

  boolean verbose() {
    return verbose;
  }

  /** Runs the command line that the arguments make and exits. */
  public static void main(String[] args) {
    VectorModule.load();
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT); // numbers look the same everywhere
    boolean watched = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    Terminal terminal = new Terminal(writer(System.out), writer(System.err), watched && !isDumb());
    System.exit(run(terminal, Mnist::load, args));
  }

  private static boolean isDumb() {
    return "dumb".equals(System.getenv("TERM"));
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, stream.charset());
  }

  /**
   * Runs a command.
   *
   * @param mnist where MNIST comes from, unless the user names a folder
   * @return the exit code
   */
  static int run(Terminal terminal, MnistSupply mnist, String... args) {
    CommandLine line = new CommandLine(new Main(), new Factory(terminal, mnist));
    CommandLine examples = Objects.requireNonNull(line.getSubcommands().get("example"));
    ExampleCommand.addExamples(examples, terminal, mnist);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setOut(terminal.out());
    line.setErr(terminal.err());
    line.setParameterExceptionHandler(Failures::wrongUse);
    line.setExecutionExceptionHandler(Failures::failure);
    int code = line.execute(args);
    terminal.out().flush();
    terminal.err().flush();
    return code;
  }

  /** Gives commands what they need. */
  private record Factory(Terminal terminal, MnistSupply mnist) implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      if (type == TrainMnistCommand.class) {
        return type.cast(new TrainMnistCommand(terminal, mnist));
      }
      if (type == TrainImagesCommand.class) {
        return type.cast(new TrainImagesCommand(terminal));
      }
      if (type == PredictCommand.class) {
        return type.cast(new PredictCommand(terminal));
      }
      if (type == EvaluateCommand.class) {
        return type.cast(new EvaluateCommand(terminal, mnist));
      }
      if (type == ExportCommand.class) {
        return type.cast(new ExportCommand(terminal));
      }
      if (type == FetchCommand.MnistCommand.class) {
        return type.cast(new FetchCommand.MnistCommand(terminal));
      }
      if (type == BackendsCommand.class) {
        return type.cast(new BackendsCommand(terminal));
      }
      if (type == DoctorCommand.class) {
        return type.cast(new DoctorCommand(terminal));
      }
      if (type == BenchCommand.class) {
        return type.cast(new BenchCommand(new BenchFigures()));
      }
      if (type == VerifyCommand.class) {
        return type.cast(new VerifyCommand(terminal));
      }
      return CommandLine.defaultFactory().create(type);
    }
  }

  /** What {@code --version} prints. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"nn " + nn(), "Java " + Runtime.version()};
    }

    /** The version of this program. */
    static String nn() {
      String version = Main.class.getPackage().getImplementationVersion();
      return version == null ? "(not packaged)" : version;
    }
  }
}
