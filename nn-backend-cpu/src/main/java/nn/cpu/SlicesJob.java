package nn.cpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import nn.backend.Command;
import nn.backend.DType;
import nn.backend.Operand;
import nn.backend.Slices;

/**
 * Commands that are run for some slices of a batch, and then for the next: each thread takes its
 * share of the slices, and has memory of its own for what passes from command to command, which
 * stays in its cache.
 */
final class SlicesJob implements Job {
  private final int units;
  private final List<Lane> lanes;

  /**
   * What a thread runs.
   *
   * @param counter the number of the unit of slices
   */
  record Lane(CpuBuffer counter, List<Job> jobs) {

    private void run(int unit) {
      counter.setCount(unit);
      for (Job job : jobs) {
        job.run(0, 1);
      }
    }
  }

  /**
   * A job.
   *
   * @param units of slices that are run at once
   * @param lanes one for each thread that may take part
   */
  SlicesJob(int units, List<Lane> lanes) {
    this.units = units;
    this.lanes = lanes;
  }

  /**
   * How many slices are run at once: as many as pass on no more than stays near, and divide all.
   *
   * @param bytesNear of a cache that a thread has for itself
   */
  static int atOnce(Slices slices, long bytesNear) {
    long bytes = 1;
    for (Operand result : slices.internal()) {
      bytes += (long) slices.sizeOfSlice(result) * result.type().bytes();
    }
    long most = Math.clamp(bytesNear / bytes, 1, slices.count());
    int divisor = (int) most;
    while (slices.count() % divisor != 0) {
      divisor--;
    }
    return divisor;
  }

  /**
   * What one thread runs.
   *
   * @param binder makes jobs that share no memory with those of another thread
   */
  static Lane lane(Slices slices, int atOnce, Function<Command, List<Job>> binder) {
    CpuBuffer counter = new CpuBuffer(DType.I32, 1);
    Map<Operand, CpuBuffer> memory = new HashMap<>();
    List<Command> commands =
        slices.part(
            atOnce,
            counter,
            result ->
                memory.computeIfAbsent(
                    result, r -> new CpuBuffer(r.type(), atOnce * slices.sizeOfSlice(r))));
    List<Job> jobs = new ArrayList<>();
    commands.forEach(command -> jobs.addAll(binder.apply(command)));
    jobs.forEach(job -> job.parts(1));
    return new Lane(counter, jobs);
  }

  @Override
  public int parts(int threads) {
    return Math.min(threads, lanes.size());
  }

  @Override
  public void run(int part, int parts) {
    int end = Chunks.first(units, part + 1, parts);
    for (int unit = Chunks.first(units, part, parts); unit < end; unit++) {
      lanes.get(part).run(unit);
    }
  }
}
