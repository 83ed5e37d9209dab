package nn.cpu;

import java.util.ArrayList;
import java.util.List;
import nn.backend.Executable;
import nn.cpu.thread.Team;

/** Jobs in their order, each with the number of parts that it is worth. */
final class CpuExecutable implements Executable {
  private record Share(Job job, int parts) {}

  private final Team team;
  private final List<Share> shares = new ArrayList<>();

  CpuExecutable(Team team) {
    this.team = team;
  }

  /** One more job, whose kernels then are all made. */
  void add(Job job) {
    shares.add(new Share(job, job.parts(team.size())));
  }

  @Override
  public void run(int times) {
    for (int i = 0; i < times; i++) {
      for (int j = 0; j < shares.size(); j++) {
        Share share = shares.get(j);
        team.run(share.job, share.parts);
      }
    }
  }

  @Override
  public void close() {}
}
