package nn.cpu.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TeamTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void eachPartRunsOnce(int size) {
    try (Team team = new Team(size)) {
      for (int parts = 0; parts < 20; parts++) {
        AtomicIntegerArray runs = new AtomicIntegerArray(20);
        int expected = parts;
        team.run(
            (part, of) -> {
              assertThat(of).isEqualTo(expected);
              runs.incrementAndGet(part);
            },
            parts);
        for (int i = 0; i < 20; i++) {
          assertThat(runs.get(i)).isEqualTo(i < parts ? 1 : 0);
        }
      }
    }
  }

  @Test
  void aPartIsItsMembersOrElseTheCallers() {
    Set<String> threads = ConcurrentHashMap.newKeySet();
    try (Team team = new Team(3)) {
      for (int i = 0; i < 100; i++) {
        team.run((part, parts) -> threads.add(part % 3 + Thread.currentThread().getName()), 7);
      }
    }
    String caller = Thread.currentThread().getName();
    assertThat(threads).contains("0" + caller);
    assertThat(threads)
        .isSubsetOf("0" + caller, "1" + caller, "2" + caller, "1nn-cpu-1", "2nn-cpu-2");
  }

  @Test
  void theCallerTakesOverWhatASleeperHasNotBegun() {
    Set<String> threads = new HashSet<>();
    try (Team team = new Team(2)) {
      for (int i = 0; i < 50; i++) {
        LockSupport.parkNanos(2_000_000);
        team.run(
            (part, parts) -> {
              if (part == 1) {
                threads.add(Thread.currentThread().getName());
              }
            },
            2);
      }
    }
    assertThat(threads).contains(Thread.currentThread().getName());
  }

  /**
   * Plain memory passes from each round to the next, though the threads outnumber the processors.
   */
  @Test
  void eightThreadsFinishTenThousandRounds() {
    int rounds = 10_000;
    long[] now = new long[8];
    long[] before = new long[8];
    try (Team team = new Team(8)) {
      for (int i = 0; i < rounds; i++) {
        team.run((part, parts) -> now[part] = before[(part + 1) % parts] + 1, 8);
        team.run((part, parts) -> before[part] = now[part], 8);
      }
    }
    assertThat(before).containsOnly(rounds);
  }

  @Test
  void theNumberOfPartsMayChangeFromRoundToRound() {
    int[] sums = new int[4];
    try (Team team = new Team(4)) {
      for (int i = 0; i < 20_000; i++) {
        team.run((part, parts) -> sums[part]++, 1 + i % 4);
      }
    }
    assertThat(sums).containsExactly(20_000, 15_000, 10_000, 5_000);
  }

  @Test
  void aFailureReachesTheCallerAfterAllPartsEnded() {
    try (Team team = new Team(3)) {
      boolean[] ended = new boolean[6];
      assertThatThrownBy(() ->
              team.run(
                  (part, parts) -> {
                    if (part == 1 || part == 2) {
                      throw new IllegalArgumentException("part " + part);
                    }
                    LockSupport.parkNanos(Duration.ofMillis(part).toNanos());
                    ended[part] = true;
                  },
                  6))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("part 1")
          .satisfies(
              e -> assertThat(e.getSuppressed()).extracting("message").containsExactly("part 2"));
      assertThat(ended).containsExactly(true, false, false, true, true, true);
      team.run((part, parts) -> ended[part] = true, 6);
      assertThat(ended).containsOnly(true);
    }
  }

  @Test
  void anErrorOfTheCallersPartReachesIt() {
    try (Team team = new Team(2)) {
      assertThatThrownBy(() ->
              team.run(
                  (part, parts) -> {
                    if (part == 0) {
                      throw new StackOverflowError("deep");
                    }
                  },
                  2))
          .isInstanceOf(StackOverflowError.class);
    }
  }

  @Test
  void wakesAfterSleeping() {
    try (Team team = new Team(2)) {
      int[] runs = new int[2];
      for (int i = 0; i < 20; i++) {
        LockSupport.parkNanos(2_000_000);
        team.run((part, parts) -> runs[part]++, 2);
      }
      assertThat(runs).containsOnly(20);
    }
  }

  @Test
  void theCallerSleepsWhileAPartIsLong() {
    try (Team team = new Team(2)) {
      boolean[] ended = new boolean[1];
      CountDownLatch begun = new CountDownLatch(1);
      long before = cpuNanos();
      team.run(
          (part, parts) -> {
            if (part == 1) {
              begun.countDown();
              LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
              ended[0] = true;
            } else {
              await(begun);
            }
          },
          2);
      assertThat(ended).containsOnly(true);
      assertThat(cpuNanos() - before).isLessThan(Duration.ofMillis(150).toNanos());
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  @Test
  void aTaskCannotRunATaskOnItsOwnTeam() {
    try (Team team = new Team(2)) {
      assertThatThrownBy(() -> team.run((p, ps) -> team.run((q, qs) -> {}, 2), 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("own team");
    }
  }

  @Test
  void closingEndsTheThreads() throws InterruptedException {
    Set<Thread> members = new HashSet<>();
    CountDownLatch begun = new CountDownLatch(3);
    Team team = new Team(3);
    team.run(
        (part, parts) -> {
          begun.countDown();
          await(begun);
          synchronized (members) {
            members.add(Thread.currentThread());
          }
        },
        3);
    members.remove(Thread.currentThread());
    assertThat(members).hasSize(2).allMatch(Thread::isDaemon);
    team.close();
    team.close();
    for (Thread member : members) {
      member.join(10_000);
      assertThat(member.isAlive()).isFalse();
    }
    assertThatThrownBy(() -> team.run((part, parts) -> {}, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void aTeamNeedsAThread() {
    assertThatThrownBy(() -> new Team(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
