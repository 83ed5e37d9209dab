package nn.examples.cli;

import java.io.Console;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
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
  public static void main(String[] args) throws InterruptedException {
    Main main = new Main();
    // Beside the reading of options: each takes some twentieths of a second.
    Thread vectors = Thread.ofPlatform().start(VectorModule::load);
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT); // numbers look the same everywhere
    boolean watched = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    Terminal terminal = new Terminal(writer(System.out), writer(System.err), watched && !isDumb());
    CommandLine line = line(main, terminal, Mnist::load, args);
    vectors.join();
    System.exit(execute(line, args));
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
    return execute(line(new Main(), terminal, mnist, args), args);
  }

  private static CommandLine line(Main main, Terminal terminal, MnistSupply mnist, String... args) {
    CommandLine line = new CommandLine(main);
    addCommands(line, commands(terminal, mnist), args);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setOut(terminal.out());
    line.setErr(terminal.err());
    line.setParameterExceptionHandler(Failures::wrongUse);
    line.setExecutionExceptionHandler(Failures::failure);
    return line;
  }

  private static int execute(CommandLine line, String... args) {
    int code = line.execute(args);
    line.getOut().flush();
    line.getErr().flush();
    return code;
  }

  private static Map<String, Supplier<Object>> commands(Terminal terminal, MnistSupply mnist) {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("train", () -> TrainCommand.group(terminal, mnist));
    commands.put("predict", () -> new PredictCommand(terminal));
    commands.put("evaluate", () -> new EvaluateCommand(terminal, mnist));
    commands.put("export", () -> new ExportCommand(terminal));
    commands.put("backends", () -> new BackendsCommand(terminal));
    commands.put("doctor", () -> new DoctorCommand(terminal));
    commands.put("verify", () -> new VerifyCommand(terminal));
    commands.put("fetch", () -> FetchCommand.group(terminal));
    commands.put("example", () -> ExampleCommand.group(terminal, mnist));
    commands.put("bench", () -> new BenchCommand(new BenchFigures()));
    return commands;
  }

  /**
   * Adds the command that the first argument names; all of them where it names none, for a help or
   * a suggestion. Reading the options of all from annotations would take a quarter of a second.
   */
  private static void addCommands(
      CommandLine line, Map<String, Supplier<Object>> commands, String... args) {
    boolean named = args.length > 0 && commands.containsKey(args[0]);
    commands.forEach((name, command) -> {
      if (!named || name.equals(args[0])) {
        line.addSubcommand(name, command.get());
      }
    });
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
