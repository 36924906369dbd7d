// Finding an institution by two or more characters of its name, code or pinyin initials; publish/search.py wrote the
// index. Plain old JavaScript: it must run in whatever browser a counter has.
(function () {
  "use strict";
  var box = document.getElementById("search");
  var files = Number(box.getAttribute("data-files"));
  var input = document.getElementById("query");
  var list = document.getElementById("hits");
  var said = document.getElementById("said");
  var loaded = {};
  var waiting = {};
  var asked = 0;

  box.hidden = false;

  window.found = function (number, keys) {
    loaded[number] = keys;
    var then = waiting[number] || [];
    delete waiting[number];
    for (var i = 0; i < then.length; i += 1) { then[i](keys); }
  };

  function load(number, then) {
    if (loaded[number]) { then(loaded[number]); return; }
    if (waiting[number]) { waiting[number].push(then); return; }
    waiting[number] = [then];
    var script = document.createElement("script");
    script.src = "../search/" + (number < 0 ? "common" : number) + ".js";
    document.body.appendChild(script);
  }

  // As publish/search.py folds and numbers.
  function fold(text) {
    if (text.normalize) { text = text.normalize("NFKC"); }
    return text.toUpperCase().replace(/\s+/g, "");
  }
  function shard(key) {
    var value = 2166136261;
    for (var i = 0; i < key.length; i += 1) {
      value ^= key.charCodeAt(i);
      value = (((value & 0xffff) * 16777619) + ((((value >>> 16) * 16777619) & 0xffff) << 16)) >>> 0;
    }
    return value % files;
  }
  function characters(text) {
    return text.match(/[\ud800-\udbff][\udc00-\udfff]|[\s\S]/g) || [];
  }

  // The keys that a query's institutions all have, the rarest that the table of common ones lets us know first.
  function keys(query, common) {
    var parts = characters(query);
    var width = parts.length >= 4 && /^[0-9A-Z]+$/.test(query) ? 4 : 2;
    var all = [];
    for (var at = 0; at + width <= parts.length; at += 1) {
      all.push(parts.slice(at, at + width).join(""));
    }
    all.sort(function (a, b) { return (common[a] || 0) - (common[b] || 0); });
    return all.slice(0, 2);
  }

  function show(hits, count, whole, word) {
    list.innerHTML = "";
    for (var i = 0; i < hits.length; i += 1) {
      var item = document.createElement("li");
      var link = document.createElement("a");
      link.href = hits[i][2] + ".html";
      link.appendChild(document.createTextNode(hits[i][0]));
      item.appendChild(link);
      item.appendChild(document.createTextNode(" " + hits[i][1]));
      list.appendChild(item);
    }
    var text = box.getAttribute(hits.length === 0 && whole ? "data-none" : whole ? "data-all" : "data-first");
    said.textContent = text.replace("{shown}", hits.length).replace("{count}", count).replace("{word}", word);
  }

  function ask() {
    var query = fold(input.value);
    var mine = asked += 1;
    if (characters(query).length < 2) { list.innerHTML = ""; said.textContent = ""; return; }
    load(-1, function (common) {
      var chosen = keys(query, common);
      var best = null;
      var left = chosen.length;
      function take(key) {
        load(shard(key), function (there) {
          var entry = there.hasOwnProperty(key) ? there[key] : [0];
          if (!best || entry[0] < best.count) { best = { key: key, count: entry[0], hits: entry.slice(1) }; }
          left -= 1;
          if (left || mine !== asked) { return; }
          var whole = best.hits.length === best.count;
          if (best.key === query) { show(best.hits, best.count, whole, query); return; }
          sift(query, best, whole);
        });
      }
      for (var i = 0; i < chosen.length; i += 1) { take(chosen[i]); }
    });
  }

  // A longer query: of the institutions behind its rarest key, those that have all of it. Former names and initials are
  // not in the index's lines, so a hit stays unless its name and code show that only the key is shared.
  function sift(query, best, whole) {
    var exact = [];
    for (var i = 0; i < best.hits.length; i += 1) {
      if (fold(best.hits[i][0] + "\n" + best.hits[i][1]).indexOf(query) >= 0) { exact.push(best.hits[i]); }
    }
    if (exact.length && whole) { show(exact, exact.length, true, query); return; }
    if (exact.length) { show(exact, best.count, false, best.key); return; }
    show(best.hits, best.count, whole, best.key);
  }

  input.addEventListener("input", ask);
  if (input.value) { ask(); }
}());
