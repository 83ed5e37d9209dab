package nn.examples.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import nn.backend.NoBackendException;
import nn.backend.OutOfDeviceMemoryException;
import nn.train.DivergedException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What a user reads when a command fails: one or two lines, and a stack trace only if asked for.
 */
final class Failures {
  private Failures() {}

  /** Options that make no sense: exit code 2. */
  static int wrongUse(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    PrintWriter err = line.getErr();
    err.println("nn: " + e.getMessage());
    if (!UnmatchedArgumentException.printSuggestions(e, err)) {
      err.println("See " + line.getCommandSpec().qualifiedName() + " --help");
    }
    return ExitCode.USAGE;
  }

  /** A command that could not do its work: exit code 1, or 2 where no such backend can run. */
  static int failure(Exception thrown, CommandLine line, ParseResult parsed) {
    report(thrown, line);
    return thrown instanceof NoBackendException ? ExitCode.USAGE : ExitCode.SOFTWARE;
  }

  /** Says what went wrong, where a command does not end with it. */
  static void report(Exception thrown, CommandLine line) {
    Exception e = thrown instanceof UncheckedIOException io ? cause(io) : thrown;
    PrintWriter err = line.getErr();
    err.println("nn: " + message(e));
    if (isVerbose(line)) {
      e.printStackTrace(err);
    } else if (!isExpected(e)) {
      err.println("This looks like a fault of nn; --verbose shows where it happened.");
    }
  }

  /** What was being done stays in the message. */
  private static IOException cause(UncheckedIOException e) {
    IOException cause = e.getCause();
    return new IOException(
        cause == null ? e.getMessage() : e.getMessage() + ": " + reason(cause), e);
  }

  private static boolean isVerbose(CommandLine line) {
    return line.getCommandSpec().root().userObject() instanceof Main main && main.verbose();
  }

  private static boolean isExpected(Exception e) {
    return e instanceof NoBackendException
        || e instanceof DivergedException
        || e instanceof OutOfDeviceMemoryException
        || e instanceof IOException;
  }

  private static String message(Exception e) {
    return switch (e) {
      case FileSystemException file -> file.getFile() + ": " + reason(file);
      case IOException io -> reason(io);
      default -> isExpected(e) ? String.valueOf(e.getMessage()) : e.toString();
    };
  }

  /** The JDK's messages about files are often the path alone. */
  static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "no permission";
      case NoSuchFileException missing -> "no such file or folder";
      case FileAlreadyExistsException exists -> "a file of that name is in the way";
      case FileSystemException file when file.getReason() != null -> file.getReason();
      default -> e.getMessage() == null ? e.toString() : e.getMessage();
    };
  }
}
