.PHONY: run test check
run:
	./run
test:
	./run test
check:
	./run check
