package nn.cpu.sparse;

import java.lang.classfile.CodeBuilder;
import java.util.List;
import nn.cpu.codegen.FloatCode;

/**
 * A gather of few vectors, of several channels together. Each value counts, since with so little to
 * add up it costs as much to find those that are not 0.
 */
record DenseGather(List<Integer> distances, int channels, int step, int columns)
    implements GatherShape {

  @Override
  public String name() {
    return "Gather" + channels + "x" + distances.size();
  }

  /**
   * <pre>
   *   for each window:
   *     for c: x = broadcast its value
   *            for v: sum[c, v] = fma(x, stage[place + distance[v]], sum[c, v])
   * </pre>
   */
  @Override
  public void addWindows(CodeBuilder code, FloatCode floats, int sums) {
    int valueAt = floats.slots(1);
    int placeAt = floats.slots(1);
    int end = floats.slots(1);
    int x = floats.slots(1);
    int place = floats.slots(1);
    code.iload(CHANNEL).iload(VALUES_AT).iadd().istore(valueAt);
    code.iload(CHANNEL).iload(PLACES_AT).iadd().istore(placeAt);
    code.iload(WINDOWS).loadConstant(step).imul().iload(valueAt).iadd().istore(end);
    floats.loopInSteps(
        valueAt,
        end,
        step,
        () -> {
          for (int c = 0; c < channels; c++) {
            int channel = c;
            floats.broadcast(() -> {
              code.aload(VALUES);
              floats.place(valueAt, channel);
              code.faload();
            });
            code.astore(x);
            code.aload(PLACES);
            floats.place(placeAt, channel);
            code.iaload().istore(place);
            addPatch(code, floats, x, place, sums + c * distances.size());
          }
          code.iload(placeAt).loadConstant(step).iadd().istore(placeAt);
        });
  }
}
