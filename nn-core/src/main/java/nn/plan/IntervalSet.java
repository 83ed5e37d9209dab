package nn.plan;

import java.util.Map;
import java.util.TreeMap;

/** A set of integers, kept as disjoint intervals that do not touch. */
final class IntervalSet {
  private final TreeMap<Integer, Integer> ends = new TreeMap<>();

  static IntervalSet of(int from, int to) {
    IntervalSet set = new IntervalSet();
    set.add(from, to);
    return set;
  }

  /** Adds from, ..., to - 1. */
  void add(int from, int to) {
    if (from >= to) {
      return;
    }
    int start = from;
    int end = to;
    Map.Entry<Integer, Integer> near = ends.floorEntry(to);
    while (near != null && near.getValue() >= start) {
      start = Math.min(start, near.getKey());
      end = Math.max(end, near.getValue());
      ends.remove(near.getKey());
      near = ends.floorEntry(to);
    }
    ends.put(start, end);
  }

  /** Removes from, ..., to - 1. */
  void remove(int from, int to) {
    if (from >= to) {
      return;
    }
    Map.Entry<Integer, Integer> near = ends.lowerEntry(to);
    while (near != null && near.getValue() > from) {
      ends.remove(near.getKey());
      if (near.getValue() > to) {
        ends.put(to, near.getValue());
      }
      if (near.getKey() < from) {
        ends.put(near.getKey(), from);
        return;
      }
      near = ends.lowerEntry(to);
    }
  }

  /** Whether each of from, ..., to - 1 is in the set. */
  boolean contains(int from, int to) {
    Map.Entry<Integer, Integer> near = ends.floorEntry(from);
    return from >= to || near != null && near.getValue() >= to;
  }
}
