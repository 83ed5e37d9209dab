package nn.tck;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import nn.backend.Backend;
import nn.backend.Command;
import nn.backend.Executable;
import nn.backend.Work;
import nn.backend.reference.ReferenceBackend;

/**
 * Commands whose results are compared with those of the reference backend in double precision: in
 * every buffer, used or not, every element.
 */
public final class Computation implements Case {
  private final String name;
  private final Verb verb;
  private final Tolerance tolerance;
  private final Function<Workspace, List<Command>> commands;
  private final BiConsumer<Backend, List<Command>> execution;

  private Computation(
      String name,
      Verb verb,
      Tolerance tolerance,
      Function<Workspace, List<Command>> commands,
      BiConsumer<Backend, List<Command>> execution) {
    this.name = name;
    this.verb = verb;
    this.tolerance = tolerance;
    this.commands = commands;
    this.execution = execution;
  }

  /** Commands run one by one. */
  public static Computation of(
      String name, Verb verb, Tolerance tolerance, Function<Workspace, List<Command>> commands) {
    return new Computation(
        name, verb, tolerance, commands, (backend, list) -> list.forEach(backend::run));
  }

  /** One command. */
  public static Computation one(
      String name, Verb verb, Tolerance tolerance, Function<Workspace, Command> command) {
    return of(name, verb, tolerance, command.andThen(List::of));
  }

  /** Commands compiled and run so many times, once for each number given. */
  public static Computation compiled(
      String name, Tolerance tolerance, Function<Workspace, List<Command>> commands, int... runs) {
    return new Computation(
        name, Verb.PLAN, tolerance, commands, (backend, list) -> execute(backend, list, runs));
  }

  private static void execute(Backend backend, List<Command> commands, int... runs) {
    try (Executable executable = backend.compile(commands)) {
      for (int times : runs) {
        executable.run(times);
      }
      backend.synchronize();
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Verb verb() {
    return verb;
  }

  @Override
  public Outcome run(Backend backend) {
    Workspace actual = new Workspace(backend, false, seed());
    try (Backend reference = new ReferenceBackend()) {
      execution.accept(backend, commands.apply(actual));
      Workspace expected = new Workspace(reference, true, seed());
      execution.accept(reference, commands.apply(expected));
      return compare(expected, actual);
    } catch (Workspace.UnsupportedTypeException unsupported) {
      return Outcome.skipped(unsupported.type + " is not supported");
    } finally {
      actual.free();
    }
  }

  private long seed() {
    return name.hashCode();
  }

  private Outcome compare(Workspace expected, Workspace actual) {
    Outcome worst = Outcome.passed();
    for (int i = 0; i < actual.entries().size(); i++) {
      Workspace.Entry entry = actual.entries().get(i);
      if (!entry.scratch) {
        double[] want = expected.read(expected.entries().get(i));
        Comparison comparison =
            new Comparison(entry.type, entry.before, want, actual.read(entry), tolerance);
        worst = worst.and(comparison.outcome("buffer " + i + " of " + entry.type));
      }
    }
    return worst;
  }

  /** Prepares the commands on a backend, for other uses of the same case. */
  Prepared prepare(Backend backend) {
    Workspace workspace = new Workspace(backend, false, seed());
    return new Prepared(backend, workspace, commands.apply(workspace));
  }

  /** The commands on one backend with their buffers. */
  final class Prepared implements AutoCloseable {
    private final Backend backend;
    private final Workspace workspace;
    private final List<Command> list;

    private Prepared(Backend backend, Workspace workspace, List<Command> list) {
      this.backend = backend;
      this.workspace = workspace;
      this.list = list;
    }

    void run() {
      execution.accept(backend, list);
    }

    Work work() {
      return list.stream()
          .map(Work::of)
          .reduce(new Work(0, 0), (a, b) -> new Work(a.flops() + b.flops(), a.bytes() + b.bytes()));
    }

    /** The contents of every buffer that holds results or inputs. */
    List<double[]> contents() {
      return workspace.entries().stream()
          .filter(entry -> !entry.scratch)
          .map(workspace::read)
          .toList();
    }

    @Override
    public void close() {
      workspace.free();
    }
  }
}
