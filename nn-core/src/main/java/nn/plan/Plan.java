package nn.plan;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import nn.backend.Backend;
import nn.backend.Command;
import nn.backend.Executable;

/**
 * A step that was recorded once and is run many times. What it writes to memory of the backend is
 * its effect; memory that it allocated is temporary and belongs to the plan.
 *
 * <p>A plan holds for the shapes it was recorded with. What changes from step to step - learning
 * rate, step count, seed, the batch's indices - must be read from memory, for instance through a
 * {@link nn.backend.Cursor}; a number computed by the host while recording never changes again.
 *
 * <pre>{@code
 * try (Plan plan = Plan.record(backend, recorder -> trainingStep(recorder))) {
 *   plan.run(stepsPerEpoch);
 * }
 * }</pre>
 */
public final class Plan implements AutoCloseable {

  /** What one may ask of a recording. */
  public enum Option {
    /** Records twice and fails if the two differ, as when a step depends on more than shapes. */
    CHECKED,
    /** Keeps the commands as recorded: the way to find out whether a rewrite is to blame. */
    AS_RECORDED
  }

  private final Backend backend;
  private final List<Command> steps;
  private final Arena arena;
  private final List<Command> commands;
  private final Executable executable;
  private boolean closed;

  private Plan(Backend backend, List<Command> steps) {
    this.backend = backend;
    this.steps = steps;
    arena = new Arena(steps);
    try {
      arena.allocate(backend);
      commands = steps.stream().map(arena::place).toList();
      executable = backend.compile(commands);
    } catch (RuntimeException failed) {
      arena.free(backend);
      throw failed;
    }
  }

  /**
   * Records a step, rewrites it and makes it ready to run. The step itself does not run: its first
   * run is that of the plan.
   *
   * @param step gives all its commands to the backend that it is passed; it must not keep that
   * @throws IllegalStateException if the step reads or writes memory from the host, or uses memory
   *     that it freed; with {@link Option#CHECKED} also if two recordings differ
   * @throws nn.backend.OutOfDeviceMemoryException if there is no room for the temporaries
   */
  public static Plan record(Backend backend, Consumer<Backend> step, Option... options) {
    List<Option> chosen = Arrays.asList(options);
    List<Command> recorded = commandsOf(backend, step);
    if (chosen.contains(Option.CHECKED)) {
      PlanCheck.requireSame(recorded, commandsOf(backend, step));
    }
    List<Command> complete = ZeroFill.apply(recorded);
    boolean asRecorded = chosen.contains(Option.AS_RECORDED);
    return new Plan(backend, asRecorded ? complete : Optimizer.optimize(complete));
  }

  private static List<Command> commandsOf(Backend backend, Consumer<Backend> step) {
    Recorder recorder = new Recorder(backend);
    step.accept(recorder);
    return recorder.end();
  }

  /** Runs the step so many times in a row; it may still be running when this returns. */
  public void run(int times) {
    if (closed) {
      throw new IllegalStateException("the plan is closed");
    }
    executable.run(times);
  }

  /** The commands of one run, in order, as the backend gets them. */
  public List<Command> commands() {
    return commands;
  }

  /** The memory that temporaries take. */
  public long arenaBytes() {
    return arena.bytes();
  }

  /** The commands in words: their shapes, expressions and operands. Meant for people. */
  public String describe() {
    return new Listing().of(steps, arenaBytes());
  }

  /** Frees the temporaries' memory. A second call does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      executable.close();
      arena.free(backend);
    }
  }
}
