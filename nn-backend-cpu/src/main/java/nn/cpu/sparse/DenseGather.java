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
    int window = floats.slots(1);
    int valueAt = floats.slots(1);
    int choiceAt = floats.slots(1);
    int end = floats.slots(1);
    int first = floats.slots(1);
    int x = floats.slots(1);
    int place = floats.slots(1);
    code.iconst_0().istore(window);
    code.iload(CHANNEL).iload(VALUES_AT).iadd().istore(valueAt);
    code.iload(CHANNEL).iload(CHOICES_AT).iadd().istore(choiceAt);
    code.aload(WINDOWS).arraylength().loadConstant(step).imul();
    code.iload(valueAt).iadd().istore(end);
    floats.loopInSteps(
        valueAt,
        end,
        step,
        () -> {
          code.aload(WINDOWS).iload(window).iaload().istore(first);
          for (int c = 0; c < channels; c++) {
            int channel = c;
            floats.broadcast(() -> {
              code.aload(VALUES);
              floats.place(valueAt, channel);
              code.faload();
            });
            code.astore(x);
            code.iload(first).aload(CANDIDATES).aload(CHOICES);
            floats.place(choiceAt, channel);
            code.baload().sipush(0xff).iand().iaload().iadd().istore(place);
            addPatch(code, floats, x, place, sums + c * distances.size());
          }
          code.iload(choiceAt).loadConstant(step).iadd().istore(choiceAt);
          code.iinc(window, 1);
        });
  }
}
