package nn.examples.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nn.data.DataException;
import nn.data.SafeTensors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * A run that is taken up from its checkpoint.
 *
 * @param folder of the run
 * @param metadata of the checkpoint
 */
record Resumption(Path folder, Map<String, String> metadata) {
  /** A checkpoint's name in its run folder. */
  static final String CHECKPOINT = "checkpoint.safetensors";

  /** The metadata's key for the command line of the run, an argument a line. */
  static final String ARGUMENTS = "arguments";

  /** What does not change the results, and may be different on another machine. */
  private static final Set<String> FREE =
      Set.of("--resume", "--threads", "--backend", "--data", "--timings", "--verbose");

  /**
   * Reads a run's checkpoint.
   *
   * @throws DataException if there is none, or it is damaged
   */
  static Resumption of(Path run) throws DataException {
    if (!Files.isDirectory(run)) {
      throw new DataException(run + ": no such folder; name the folder of a run");
    }
    Path file = run.resolve(CHECKPOINT);
    if (!Files.exists(file)) {
      throw new DataException(
          run
              + (Files.exists(run.resolve("result.json"))
                  ? ": this run has finished, there is nothing to resume"
                  : ": holds no checkpoint; only a run with --checkpoint-every can be resumed"));
    }
    Map<String, String> metadata = SafeTensors.read(file).metadata();
    if (!metadata.containsKey(ARGUMENTS)) {
      throw new DataException(file + ": does not say how its run was started; is it one of nn's?");
    }
    return new Resumption(run, metadata);
  }

  /** The run's command line. */
  List<String> arguments() {
    return List.of(metadata.getOrDefault(ARGUMENTS, "").split("\n"));
  }

  /** Has a command take the run's options instead of its own, but for those that are free. */
  void takeOptions(CommandSpec command) {
    List<String> arguments = new ArrayList<>(arguments());
    ParseResult given = command.commandLine().getParseResult();
    for (OptionSpec option : given.matchedOptions()) {
      String name = option.longestName();
      if (!FREE.contains(name)) {
        throw new ParameterException(
            command.commandLine(), "--resume takes all options from the run; leave out " + name);
      }
      if (!name.equals("--resume")) {
        arguments.add(name);
        arguments.addAll(option.arity().max() == 0 ? List.of() : option.stringValues());
      }
    }
    CommandLine root = command.root().commandLine();
    root.setOverwrittenOptionsAllowed(true);
    ParseResult parsed = root.parseArgs(arguments.toArray(String[]::new));
    while (parsed.hasSubcommand()) {
      parsed = parsed.subcommand();
    }
    if (parsed.commandSpec() != command) {
      throw new ParameterException(
          command.commandLine(),
          "%s is a run of %s".formatted(folder, parsed.commandSpec().qualifiedName()));
    }
  }

  /** What a user should know if the run began elsewhere; empty if there is nothing. */
  String warning(String device) {
    String before = metadata.getOrDefault("device", device);
    return before.equals(device)
        ? ""
        : "warning: the run began on %s; on %s its results differ in the last bits"
            .formatted(before, device);
  }
}
