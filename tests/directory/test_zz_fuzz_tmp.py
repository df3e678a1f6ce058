import json, random, sys
sys.path.insert(0,'/work/main')
import pytest
from tests.directory.test_sources_readers import HSDS, ORUK1, SCOUT, paths, with_value
from localoffer.directory.imports import import_services
from localoffer.directory.sources.feeds import open_feed, FeedError
from localoffer.directory.models import Service
from tests.factories.authority import make_authority
VALUES=[None,True,False,"",0,-1,1,3.5,1e308,-1e308,10**30,"x"*70000,"\x00","\ud800","😀"*300,"<p>"*3000,[],{},[None],[1,"a",{}],{"a":1},"2026-01-01","1900-01-01","2200-12-31","0001-01-01","9999-12-31T23:59:59+14:00","1900-01-01T00:00:00+14:00","23:59","MO,TU,-1FR,5MO","WR14 1AA","ZZ99 9ZZ","BT1 1AA","999999999.999","£99,999,999","http://"+"a"*600+".org","00000000-0000-0000-0000-000000000000","http://statistics.data.gov.uk/id/E10000999", [[[[]]]], "inf","nan","1e5", float('inf'), 255,120,121,32768,-32768,2**31,2**63]
@pytest.mark.django_db
@pytest.mark.parametrize("wrap,base",[("contents",HSDS[0]),("content",ORUK1[0]),("content",SCOUT[0])])
def test_fuzz(wrap,base,tmp_path):
    a=make_authority()
    rnd=random.Random(5)
    ps=list(paths(base))
    recs=[]
    for n in range(1500):
        r=base
        for _ in range(rnd.choice([1,1,2,3])):
            p=rnd.choice(ps)
            try: r=with_value(r,p,rnd.choice(VALUES))
            except (KeyError,IndexError,TypeError): pass
        if isinstance(r,dict) and rnd.random()<.9: r={**r,"id":f"r{n}"}
        recs.append(r)
    f=tmp_path/'f.json'; f.write_text(json.dumps({wrap:[base]+recs}))
    feed=open_feed(str(f))
    rep=import_services(authority=a,feed=feed,pause=0)
    bad=[x for x in rep.refused if 'database' in x.reason]
    print(rep.added,rep.changed,len(rep.refused),bad[:5],rep.mended.most_common(40))
    assert not bad
    rep2=import_services(authority=a,feed=open_feed(str(f)),pause=0)
    assert rep2.added==rep2.changed==0, rep2
    from django.core.exceptions import ValidationError
    fails={}
    for s in Service.objects.all():
        try: s.clean_fields(exclude=["complaints_route","eligibility"])
        except ValidationError as e: fails[s.source_id]=str(e)
        for rel in ("schedules","contacts","cost_options","languages","service_areas","at_locations"):
            for row in getattr(s,rel).all():
                try: row.full_clean()
                except ValidationError as e: fails[s.source_id+rel]=str(e)
    print(len(fails), list(fails.items())[:6])
    from localoffer.directory.models import Location, Organisation
    for m in (Location, Organisation):
        for o in m.objects.all():
            try: o.full_clean()
            except ValidationError as e: print(m, o.pk, e)
