package nn.cpu;

import java.util.List;
import nn.backend.Executable;
import nn.cpu.thread.Team;

/** Jobs in their order, each with the number of parts that it is worth. */
final class CpuExecutable implements Executable {
  private final Team team;
  private final Job[] jobs;
  private final int[] parts;

  CpuExecutable(Team team, List<Job> jobs) {
    this.team = team;
    this.jobs = jobs.toArray(new Job[0]);
    this.parts = jobs.stream().mapToInt(job -> job.parts(team.size())).toArray();
  }

  @Override
  public void run(int times) {
    for (int i = 0; i < times; i++) {
      for (int j = 0; j < jobs.length; j++) {
        team.run(jobs[j], parts[j]);
      }
    }
  }

  @Override
  public void close() {}
}
