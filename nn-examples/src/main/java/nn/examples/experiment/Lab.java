package nn.examples.experiment;

import java.nio.file.Path;
import nn.backend.Backend;
import nn.backend.Backends;
import nn.data.DataException;
import nn.data.Mnist;
import nn.train.Listener;
import nn.train.Progress;

/**
 * What an experiment works with.
 *
 * @param choice of the backend, for experiments that make further instances
 * @param backend where to compute
 * @param data where MNIST comes from
 * @param seed of everything random
 * @param folder of the run; results go there at the end, a journal meanwhile
 * @param status shows how far it has come
 */
public record Lab(
    Backends.Choice choice, Backend backend, Data data, long seed, Path folder, Status status) {

  /** A source of MNIST. */
  @FunctionalInterface
  public interface Data {
    Mnist load() throws DataException;
  }

  /** Shows progress to a person who watches. */
  @FunctionalInterface
  public interface Status {
    /**
     * Some of the work is done.
     *
     * @param what is being done
     * @param detail anything worth knowing, perhaps empty
     */
    void show(String what, long done, long total, String detail);
  }

  Mnist mnist() throws DataException {
    return data.load();
  }

  /** Shows a training's progress. */
  Listener watch(String what) {
    return new Listener() {
      @Override
      public void onProgress(Progress p) {
        long done = (p.epoch() - 1L) * p.steps() + p.step();
        status.show(what, done, (long) p.epochs() * p.steps(), "loss %.4f".formatted(p.loss()));
      }
    };
  }
}
